"""The kinds of records beside answers: values that the sprint keeps and checks read."""
