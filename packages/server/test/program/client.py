"""A client program of the wire API, as users have them: it knows BASE_URL and nothing else. Standard library alone.

Usage: client.py BASE_URL FIRST.pdf SECOND.pdf RESULT.pdf    (SSL_CERT_FILE names an authority to trust)
"""
import json
import sys
import time
import urllib.parse
import urllib.request

BASE_URL, FIRST, SECOND, RESULT = sys.argv[1:]


def get(url):
    """GET with the header that such clients send, though there is no body."""
    request = urllib.request.Request(url, headers={"content-type": "application/octet-stream"})
    with urllib.request.urlopen(request) as response:
        return response.read()


def get_json(url):
    answer = json.loads(get(url))
    if answer["error"] != False:  # noqa: E712  (what clients write)
        sys.exit(answer["message"])
    return answer


def upload(file_name):
    name = urllib.parse.quote(".\\" + file_name.split("/")[-1])
    answer = get_json(f"{BASE_URL}/file/upload/get-presigned-url?contenttype=application/octet-stream&name={name}")
    with open(file_name, "rb") as file:
        request = urllib.request.Request(
            answer["presignedUrl"], data=file.read(), method="PUT", headers={"content-type": "application/octet-stream"}
        )
    with urllib.request.urlopen(request) as response:
        if response.status != 200:
            sys.exit(f"upload: {response.status}")
    return answer["url"]


url = ",".join([upload(FIRST), upload(SECOND)])
job = get_json(f"{BASE_URL}/pdf/merge?async=True&name=result.pdf&url={url}")
while True:
    status = get_json(f"{BASE_URL}/job/check?jobid={job['jobId']}")["status"]
    print("status: " + status)
    if status == "success":
        break
    if status != "working":
        sys.exit(1)
    time.sleep(0.05)
with open(RESULT, "wb") as file:
    file.write(get(job["url"]))
