"""Which resource types are no records: they name others, or say where they came from."""

SUPPORTING = frozenset(
    (
        *("Organization", "OrganizationAffiliation", "Practitioner", "PractitionerRole", "HealthcareService"),
        *(
            "Location",
            "Endpoint",
            "Medication",
            "MedicationKnowledge",
            "Substance",
            "Provenance",
            "AuditEvent",
        ),
        *("Questionnaire", "Library", "PlanDefinition", "ActivityDefinition", "Measure", "ValueSet"),
        *("CodeSystem", "ConceptMap", "NamingSystem", "StructureDefinition", "SearchParameter"),
        *("CapabilityStatement", "ImplementationGuide", "OperationOutcome", "Bundle", "MessageHeader"),
        *("Composition", "List", "Schedule", "Slot", "Binary", "Group", "InsurancePlan"),
    )
)
"""Types without a meaning of their own for a patient."""
