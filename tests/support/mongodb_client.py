#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A MongoDB client that is not the product's, to look at what it has written: Debian's python3-pymongo.

mongodb_client.py URI COMMAND [ARGUMENT...]; the URI names the database.
  dump COLLECTION [FILTER]       the documents, one canonical Extended JSON a line, by _id
  types COLLECTION [FILTER]      the BSON type of each field of one document, a line each, by path
  insert COLLECTION              documents from standard input, an Extended JSON each line
  update COLLECTION FILTER CHANGE
  count COLLECTION [FILTER]
  indexes COLLECTION             a line each: field, unique or not, expiry
  index COLLECTION FIELD         makes a plain one
  supports unique|expiry         exit status 0 if the server enforces such an index
  drop                           the whole database"""

import datetime
import os
import sys

import bson
import pymongo
from bson import json_util

TYPES = {str: "string", int: "int", bson.int64.Int64: "long", float: "double", bool: "bool", type(None): "null",
         datetime.datetime: "date", bson.objectid.ObjectId: "objectId", list: "array", dict: "object",
         bson.binary.Binary: "binary", bytes: "binary", bson.decimal128.Decimal128: "decimal"}


def read(text):
    return json_util.loads(text, json_options=json_util.CANONICAL_JSON_OPTIONS)


def write(document):
    return json_util.dumps(document, json_options=json_util.CANONICAL_JSON_OPTIONS, ensure_ascii=False)


def print_types(path, value):
    if path:
        print(path, TYPES[type(value)])
    if isinstance(value, dict):
        members = sorted(value.items())
    else:
        members = enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        print_types("%s.%s" % (path, key) if path else str(key), member)


def supports(database, what):
    scratch = database["supports_" + what]
    try:
        if what == "expiry":
            scratch.create_index("at", expireAfterSeconds=0)
        else:
            scratch.create_index("at.id", unique=True, sparse=True)
            scratch.insert_many([{"_id": 1, "at": {"id": 1}}, {"_id": 2, "at": {"id": 1}}])
            return False
    except pymongo.errors.BulkWriteError:
        return True
    except pymongo.errors.OperationFailure:
        return False
    finally:
        scratch.drop()
    return True


def main():
    uri, command, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]
    database = pymongo.MongoClient(uri, serverSelectionTimeoutMS=10000).get_default_database()
    if command == "drop":
        database.client.drop_database(database.name)
        return 0
    if command == "supports":
        return 0 if supports(database, arguments[0]) else 1
    collection = database[arguments[0]]
    if command == "index":
        print(collection.create_index(arguments[1]))
        return 0
    condition = read(arguments[1]) if len(arguments) > 1 else {}
    if command == "dump":
        for document in sorted(collection.find(condition), key=lambda document: str(document["_id"])):
            print(write(document))
    elif command == "types":
        print_types("", collection.find_one(condition))
    elif command == "insert":
        collection.insert_many([read(line) for line in sys.stdin])
    elif command == "update":
        print(collection.update_many(condition, read(arguments[2])).matched_count)
    elif command == "count":
        print(collection.count_documents(condition))
    elif command == "indexes":
        for index in collection.list_indexes():
            extra = ["unique"] * bool(index.get("unique")) + ["expires"] * ("expireAfterSeconds" in index)
            print(" ".join(list(index["key"]) + extra))
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # pymongo would wait half a second for its own threads
