"""Data of panels that are lists, graphs and traces."""

from dashgen.drawing.fields.frames import Field, Frame
from dashgen.drawing.panel_data import AlertEntry, AnnotationMark, DashboardEntry, PanelData
from tests.drawing.picture_support import END, table

GRAPH = [
    table(id=["web", "api", "db"], title=["Web", "API", "Database"], mainstat=[12.5, 3.0, 1.0], arc__ok=[0.9, 0.5, 1.0],
          arc__failed=[0.1, 0.5, 0.0]),
    table(id=["a", "b", "c"], source=["web", "api", "db"], target=["api", "db", "web"], mainstat=["10/s", "5/s", "1/s"]),
]  # fmt: skip
TRACE = [
    Frame(
        [
            Field("traceID", "string", ["t", "t", "t"]),
            Field("spanID", "string", ["1", "2", "3"]),
            Field("parentSpanID", "string", ["", "1", "2"]),
            Field("operationName", "string", ["GET /", "answer", "model"]),
            Field("serviceName", "string", ["web", "bot", "llm"]),
            Field("startTime", "time", [END, END + 10, END + 20]),
            Field("duration", "number", [100.0, 80.0, 40.0]),
            Field("statusCode", "number", [0, 0, 2]),
        ]
    )
]
ALERTS = [
    AlertEntry(
        "Cost is high", "firing", "Money", "g", END - 3_723_000, {"severity": "critical", "team": "ai"}
    ),
    AlertEntry(
        "Answers are slow", "pending", "Speed", "g", END - 60_000, {"severity": "warning", "team": "web"}
    ),
    AlertEntry("All is well", "normal", "Speed", "g", None, {"severity": "warning"}),
    AlertEntry("No data", "nodata", "Money", "g", END - 1000, {}),
]
MARKS = [
    AnnotationMark(END - 5000, "deploy 1.2", None, ("deploy",), "green"),
    AnnotationMark(END - 9000, "restart", END - 8000, ("ops",)),
]
BOARDS = [
    DashboardEntry("Costs", "costs", "Money", ("cost", "ai")),
    DashboardEntry("Answers", "answers", "Speed", ("ai",)),
    DashboardEntry("Bills", "bills", "Money", ("cost",)),
]
LISTS = PanelData((), (), MARKS, "", ALERTS, BOARDS)


def data_of(frames):
    """What a panel shows: its data, or frames alone."""
    return frames if isinstance(frames, PanelData) else PanelData(frames)
