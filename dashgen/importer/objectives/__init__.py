"""Service level objectives of others, sloth's and OpenSLO's, as uses of `std/slo`."""
