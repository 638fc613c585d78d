"""SMART on FHIR, the patient's side: finding out what a server offers, signing in, keeping the sign-in alive.

Written after SMART App Launch 2.2 (standalone launch), RFC 6749, 7009, 7523, 7636, 8252 and 9207.
"""
