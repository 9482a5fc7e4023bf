"""From printed statistics to respondents, and how far the statistics pin them down.

The respondents are synthetic. That they reproduce a number says nothing about the number: it was put in.
"""
