"""Reports: settled specs and servers become figures of a day or a week, and those a page, a text or a mail.

Takes a `SettledReport` and an inspection, gives a `ReportResult`, its forms as text, and what became of a
mail. What talks to servers is `report_answers` (through `servers/`) and `mail_server` (SMTP); what writes
files is `sent_record`; everything else is pure. May import `doctor.live`, `project` and everything below.
"""
