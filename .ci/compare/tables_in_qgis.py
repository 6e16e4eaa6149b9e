"""Loads each table of a GeoPackage in QGIS. Standard input: table, number of features and layer, one table a line."""

import sys

from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer, Qgis


def wrong(store, table, count):
    """What QGIS sees otherwise than it should; None when nothing."""
    layer = QgsVectorLayer(f"{store}|layername={table}", table, "ogr")
    if not layer.isValid():
        return "is not valid: " + layer.error().summary()
    if layer.featureCount() != count:
        return f"has {layer.featureCount()} features, wanted {count}"
    if layer.crs().authid() != "EPSG:4490":
        return f"is in {layer.crs().authid()}"
    broken = [f.id() for f in layer.getFeatures() if f.geometry().isNull() or not f.geometry().isGeosValid()]
    if broken:
        return f"has geometries that are null or not valid: {broken[:5]}"
    middle = layer.extent().center()
    box = QgsRectangle(middle.x() - 0.05, middle.y() - 0.05, middle.x() + 0.05, middle.y() + 0.05)
    indexed = {f.id() for f in layer.getFeatures(QgsFeatureRequest(box))}
    looked = {f.id() for f in layer.getFeatures() if f.geometry().intersects(box)}
    if not looked <= indexed:
        return f"finds {len(indexed)} features in a box, wanted {len(looked)}"
    return None


def main(store):
    application = QgsApplication([], False)
    application.initQgis()
    failures = 0
    for line in sys.stdin:
        table, count, _ = line.split()
        fault = wrong(store, table, int(count))
        print(f"QGIS {Qgis.QGIS_VERSION} {table}:", fault or f"{count} features")
        failures += fault is not None
    application.exitQgis()
    return 1 if failures else 0


sys.exit(main(sys.argv[1]))
