"""Evaluate alert rules as Grafana does: queries, expressions, and the states of a rule's series.

Source: pkg/expr and pkg/services/ngalert/{eval,state,schedule} of Grafana 12.4.
"""
