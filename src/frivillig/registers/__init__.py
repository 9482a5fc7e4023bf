"""Public registers: Statistics Norway's tables and classifications, and the Brønnøysund Register Centre.

What they say of municipalities and of Oslo's districts, joined to answers by number and date. Beside
`frivillig.statistics`, above `frivillig.data`. Nothing here runs when the book is built.
"""
