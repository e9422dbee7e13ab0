"""The command `autohdr VERB`: a module for each verb, and what the verbs have in common.

A verb's module holds `command`, which parses, calls one public function and prints. It is listed under the entry-point
group `autohdr.verbs`, and imports nothing that takes long: what the verb needs is imported when it runs.
"""
