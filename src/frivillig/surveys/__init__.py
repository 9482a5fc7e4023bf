"""Taking in answers of one's own: an empty folder with the codebook, and the import of an export.

Beside `frivillig.statistics`, above `frivillig.data`.
"""
