"""Every record type by its name."""

from schemas.fields import Fields
from schemas.performance import PERFORMANCE_RECORDS
from schemas.records import CORE_RECORDS
from schemas.tables import TABLE_RECORDS

RECORD_TYPES: dict[str, type[Fields]] = {
    model.__name__: model for model in (*CORE_RECORDS, *PERFORMANCE_RECORDS, *TABLE_RECORDS)
}
