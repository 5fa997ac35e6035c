"""Faults of a server whose answers are not of the declared form, or say other than what was sent."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from starlette.responses import Response

from bank.fault import family
from bank.server import Refusal

fault = family("answers")


@fault("Answers are labelled text/html.", "answer")
def html_content_type(server, correct, status, value):
    return Response(server.dump(value), status, media_type="text/html")


@fault("Answers have no content type.", "answer")
def no_content_type(server, correct, status, value):
    return Response(server.dump(value), status)


@fault("Refusals are plain text.", "refuse")
def plain_text_refusals(server, correct, refusal, call):
    return Response(refusal.message, refusal.status, refusal.headers, media_type="text/plain")


@fault("Refusals have one member, detail, as the framework writes them.", "error")
def framework_errors(server, correct, refusal):
    return {"detail": refusal.message}


@fault("Refusals of validation have a list as message.", "error")
def list_as_message(server, correct, refusal):
    body = correct(refusal)
    return {**body, "message": [body["message"]]} if refusal.status == 400 else body


@fault("The code of a refusal is a number.", "error")
def numeric_code(server, correct, refusal):
    return {**correct(refusal), "code": refusal.status}


@fault("The 404 of an unknown environment has an empty body.", "refuse")
def empty_404(server, correct, refusal, call):
    return Response(b"", 404) if refusal.status == 404 else correct(refusal, call)


@fault("A create is answered with 201, which is not declared.", "show_created")
def created_201(server, correct, item):
    server.notes["status"] = 201
    return correct(item)


@fault("", "answer")
def created_201(server, correct, status, value):  # noqa: F811
    return correct(server.notes.pop("status", status), value)


@fault("An update is answered with 202.", "outcome")
def update_202(server, correct, changed):
    server.notes["status"] = 202
    return correct(changed)


@fault("", "answer")
def update_202(server, correct, status, value):  # noqa: F811
    return correct(server.notes.pop("status", status), value)


@fault("A refusal is answered with 200 and an error in the body.", "refuse")
def refusal_with_200(server, correct, refusal, call):
    return server.answer(200, server.error(refusal))


@fault("Validation errors are answered with 500.", "refuse")
def refusal_with_500(server, correct, refusal, call):
    status = 500 if refusal.status == 400 else refusal.status
    return correct(Refusal(status, refusal.message), call)


@fault("created_at has no time zone.", "date_time")
def naive_date_time(server, correct, moment):
    return correct(moment).removesuffix("Z")


@fault("created_at has a blank where the T belongs.", "date_time")
def blank_in_date_time(server, correct, moment):
    return str(moment)


@fault("created_at is a date only.", "date_time")
def date_only(server, correct, moment):
    return moment.date().isoformat()


@fault("created_at is a number of seconds.", "date_time")
def epoch(server, correct, moment):
    return int(moment.timestamp())


@fault("created_at of a read is the time of the read.", "show_read")
def created_at_of_the_read(server, correct, item):
    return {**correct(item), "created_at": server.date_time(server.now())}


@fault("created_at of the list is rounded down to the day.", "show_listed")
def list_has_other_created_at(server, correct, item):
    midnight = item.created_at.replace(hour=0, minute=0, second=0, microsecond=0)
    return {**correct(item), "created_at": server.date_time(midnight)}


@fault("Integers are answered as text.", "show")
def integers_as_text(server, correct, item):
    shown = correct(item)
    if item.kind == "model":
        shown["autoscaling_settings"]["max_replica"] = str(
            shown["autoscaling_settings"]["max_replica"]
        )
    return shown


@fault("A percentage is answered with a fraction.", "show")
def fraction(server, correct, item):
    shown = correct(item)
    config = shown["promotion_settings"]["rolling_deploy_config"]
    if config:
        config["max_surge_percent"] = config["max_surge_percent"] / 100 + 0.5
    return shown


@fault("Booleans are answered as 0 and 1.", "show")
def booleans_as_numbers(server, correct, item):
    shown = correct(item)
    shown["promotion_settings"]["rolling_deploy"] = int(
        shown["promotion_settings"]["rolling_deploy"]
    )
    return shown


@fault("model_id is missing in the answer to a create.", "show_created")
def no_model_id_in_create(server, correct, item):
    return {name: value for name, value in correct(item).items() if name != "model_id"}


@fault("instance_type is missing in the list.", "show_listed")
def no_instance_type_in_list(server, correct, item):
    return {name: value for name, value in correct(item).items() if name != "instance_type"}


@fault("message is missing when an update changed nothing.", "outcome")
def no_message_when_unchanged(server, correct, changed):
    return correct(changed) if changed else {"status": "UNCHANGED"}


@fault("The status of an update is in lower case.", "outcome")
def lower_case_status(server, correct, changed):
    return {**correct(changed), "status": correct(changed)["status"].lower()}


@fault("The status of an update is one that is not declared.", "outcome")
def undeclared_status(server, correct, changed):
    return {**correct(changed), "status": "APPLIED"} if changed else correct(changed)


@fault("The name in the answer to a create is in lower case.", "show_created")
def name_echoed_in_lower_case(server, correct, item):
    return {**correct(item), "name": item.name.lower() + "-env"}


@fault("model_id is that of the first model in every answer.", "show")
def always_first_model(server, correct, item):
    shown = correct(item)
    return {**shown, "model_id": "abcd1234"} if item.kind == "model" else shown


@fault("chain_id holds the name of the environment.", "show")
def chain_id_is_name(server, correct, item):
    shown = correct(item)
    return {**shown, "chain_id": item.name} if item.kind == "chain" else shown


@fault("The list is a bare array.", "answer")
def bare_array(server, correct, status, value):
    return correct(status, value.get("environments", value))


@fault("The list has the member items instead of environments.", "answer")
def renamed_list_member(server, correct, status, value):
    return correct(status, {"items": value["environments"]} if "environments" in value else value)


@fault("A create answers with an empty body.", "create")
async def empty_create_answer(server, correct, kind, path, call):
    await correct(kind, path, call)
    return Response(b"", 200, media_type="application/json")


@fault("Texts in answers are Latin-1 though the type says UTF-8.", "dump")
def latin_1_answers(server, correct, value):
    return json.dumps(value, ensure_ascii=False).encode("latin-1", "replace")


@fault("Characters outside ASCII become question marks.", "dump")
def question_marks(server, correct, value):
    return json.dumps(value, ensure_ascii=False).encode("ascii", "replace")


@fault("A character beyond the basic plane becomes two question marks.", "name")
def no_astral_characters(server, correct, body):
    return "".join("??" if ord(each) > 0xFFFF else each for each in correct(body))


@fault("The answer to a create shows the settings as sent, not as stored.", "show_created")
def create_echoes_request(server, correct, item):
    shown = correct(item)
    shown["promotion_settings"]["ramp_up_duration_seconds"] = 600
    return shown


@fault("The answer to a create shows the defaults, not what was sent.", "show_created")
def create_shows_defaults(server, correct, item):
    shown = correct(item)
    if item.kind == "model":
        shown["autoscaling_settings"] = server.autoscaling(None)
    return shown


@fault("The list shows the defaults of promotion settings.", "show_listed")
def list_shows_defaults(server, correct, item):
    return {**correct(item), "promotion_settings": server.promotion("model", None)}


@fault("A read leaves out max_surge_percent after an update.", "show_read")
def read_lacks_surge(server, correct, item):
    shown = correct(item)
    config = shown["promotion_settings"]["rolling_deploy_config"]
    if config and len(item.applied) > 1:
        config.pop("max_surge_percent")
    return shown


@fault("gpu_count of a chainlet is a text.", "chainlet")
def chainlet_gpu_count_text(server, correct, given):
    made = correct(given)
    made["instance_type"]["gpu_count"] = "0"
    return made


@fault("The deployment of production has a status that is not declared.", "deployment")
def undeclared_deployment_status(server, correct, item):
    return {**correct(item), "status": "RUNNING"}


@fault("The answer holds a member twice, once with another value.", "dump")
def member_twice(server, correct, value):
    text = correct(value)
    return text.replace(b'{"name": ', b'{"name": "other", "name": ', 1)


@fault("The answer has a byte order mark.", "dump")
def byte_order_mark(server, correct, value):
    return b"\xef\xbb\xbf" + correct(value)


@fault("NaN stands in the list.", "show_listed")
def nan_in_list(server, correct, item):
    shown = correct(item)
    shown["autoscaling_settings"]["target_utilization_percentage"] = float("nan")
    return shown


@fault("Content-Length is that of the characters, not of the bytes.", "answer")
def content_length_of_characters(server, correct, status, value):
    answer = correct(status, value)
    answer.headers["content-length"] = str(len(answer.body.decode()))
    return answer


@fault("The answer to a chain create lacks chainlet_settings when it is empty.", "show")
def empty_chainlets_left_out(server, correct, item):
    shown = correct(item)
    if item.kind == "chain" and not shown["chainlet_settings"]:
        del shown["chainlet_settings"]
    return shown


@fault("Only after 200 requests an answer lacks promotion_settings.", "show_read")
def incomplete_after_many(server, correct, item):
    shown = correct(item)
    if server.requests > 200:
        del shown["promotion_settings"]
    return shown


@fault("created_at of a chain is in local time, a year in two digits.", "show")
def chain_date_format(server, correct, item):
    shown = correct(item)
    if item.kind == "chain":
        shown["created_at"] = datetime.now(UTC).strftime("%d/%m/%y %H:%M")
    return shown
