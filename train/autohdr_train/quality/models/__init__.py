"""The two quality models, VTAMIQ and PieAPP, with the sizes of their papers and small ones for two cores."""
