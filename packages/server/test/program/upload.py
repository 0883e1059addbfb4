"""Sends one file in every form that Python programs use, by the standard library alone, as requests writes it on the wire.

Usage: upload.py BASE_URL FILE    Prints one line of JSON for each form: {"form": ..., "url": ..., "name": ...}
"""
import base64
import json
import os
import sys
import urllib.parse
import urllib.request

BASE_URL, FILE = sys.argv[1:]
with open(FILE, "rb") as file:
    BYTES = file.read()
NAME = os.path.basename(FILE)


def send(form, path, body=None, content_type=None, method=None):
    headers = {"user-agent": "python-requests/2.34", "accept": "*/*", "accept-encoding": "gzip, deflate"}
    if content_type is not None:
        headers["content-type"] = content_type
    request = urllib.request.Request(BASE_URL + path, data=body, headers=headers, method=method)
    if body is not None and content_type is None:
        # urllib would add one of its own.
        request.add_unredirected_header("content-type", "")
    with urllib.request.urlopen(request) as response:
        answer = json.loads(response.read())
        if response.status != 200 or answer["error"] != False:  # noqa: E712  (what clients write)
            sys.exit(form + ": " + answer["message"])
    print(json.dumps({"form": form, "url": answer["url"], "name": answer["name"]}))
    return answer


def multipart(name, file_name, data, fields=()):
    """What requests writes for `files={name: (file_name, data)}, data=fields`: no type of the part, a random boundary."""
    boundary = os.urandom(16).hex()
    out = b""
    for key, value in fields:
        out += f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
    out += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n\r\n'.encode()
    return out + data + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


body, kind = multipart("file", NAME, BYTES)
stored = send("files=", "/file/upload", body, kind)
body, kind = multipart("file", NAME, BYTES, [("name", "renamed.pdf")])
send("files= and data=", "/v1/file/upload", body, kind)
text = base64.b64encode(BYTES).decode()
send("data= with base64", "/file/upload/base64", urllib.parse.urlencode({"file": "data:application/pdf;base64," + text}).encode(), "application/x-www-form-urlencoded")
send("json text without a type", "/file/upload/base64", json.dumps({"file": text, "name": NAME}).encode())
send("base64 with line ends", "/file/upload/base64", json.dumps({"file": base64.encodebytes(BYTES).decode()}).encode(), "application/json")
send("upload/url by GET with a type and no body", "/file/upload/url?name=copy.pdf&url=" + stored["url"], None, "application/octet-stream")
