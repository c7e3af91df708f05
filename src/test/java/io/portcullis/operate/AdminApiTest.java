package io.portcullis.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.testing.Api.Answer;
import io.portcullis.testing.RawHttp;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operators' interface over HTTP: who may, what is recorded, what is refused. */
@SuppressWarnings("StringConcatToTextBlock") // a text block has no CRLF
final class AdminApiTest {
  private static final String REVOCATIONS = "/admin/v1/revocations";
  private static final String BOB = "{\"user\":\"bob\",\"reason\":\"left\"}";

  private final AdminFixture admin = new AdminFixture();

  @AfterEach
  void close() {
    admin.close();
  }

  @Test
  void anybodyElse_isRefused_andRecordedFirst() {
    Answer none = admin.call("GET", REVOCATIONS, "", "");
    assertEquals(401, none.status());
    assertEquals("Bearer realm=\"portcullis-admin\"", none.header("www-authenticate"));
    Answer user = admin.call("POST", REVOCATIONS, "user", BOB);
    assertEquals(403, user.status());
    assertEquals("forbidden", user.problem());
    Answer unknownPath = admin.call("GET", "/admin/v1/nothing", "", "");
    assertEquals(401, unknownPath.status());
    List<AuditEvent> events = admin.events;
    assertEquals(
        List.of("authentication.refused", "authorization.refused", "authentication.refused"),
        events.stream().map(AuditEvent::type).toList());
    assertEquals("operator", events.get(1).details().get("required_roles"));
    assertEquals(user.header("x-request-id"), events.get(1).requestId());
    assertEquals(0, admin.revoked.size());
  }

  @Test
  void person_withAPasswordAlone_isRefused_andServicesAreNotAsked() {
    Answer password = admin.call("GET", REVOCATIONS, "operator:1", "");
    assertEquals(403, password.status());
    assertEquals("level-missing", admin.events.getFirst().reason());
    assertEquals("2", admin.events.getFirst().details().get("required_level"));
    assertEquals("1", admin.events.getFirst().details().get("level"));
    assertEquals(403, admin.call("GET", REVOCATIONS, "operator:weak", "").status());
    assertEquals(403, admin.call("GET", REVOCATIONS, "operator:", "").status());
    assertEquals(200, admin.call("GET", REVOCATIONS, "operator:2", "").status());
    assertEquals(200, admin.call("GET", REVOCATIONS, "operator", "").status());
  }

  @Test
  void token_notBoundAsTheTenantAsks_isRefused() {
    assertEquals(401, admin.call("GET", REVOCATIONS, "operator:2:dpop", "").status());
    assertEquals("binding-dpop", admin.events.getFirst().reason());
    assertEquals(200, admin.call("GET", REVOCATIONS, "operator:2:none", "").status());
  }

  @Test
  void path_ofTheCallersInvention_isNotInTheTrail() {
    admin.call("GET", "/admin/v1/sessions/s-1", "", "");
    admin.call("GET", "/admin/v1/%3Cscript%3E", "", "");
    admin.call("GET", "/admin/" + "a".repeat(200), "", "");
    assertEquals(
        List.of("/admin/v1/sessions/s-1", "(other)", "(other)"),
        admin.events.stream().map(event -> event.details().get("path")).toList());
  }

  @Test
  void everyAnswer_isNobodysToKeepOrToGuessAt() {
    for (String path : List.of("/health/live", "/metrics", "/nothing", "/admin", REVOCATIONS)) {
      Answer answer = admin.call("GET", path, "", "");
      assertEquals("nosniff", answer.header("x-content-type-options"), path);
      assertEquals("no-store", answer.header("cache-control"), path);
      assertEquals("no-referrer", answer.header("referrer-policy"), path);
    }
  }

  @Test
  void trail_away_isRefusedAsOurs_andNothingChanges() {
    admin.trailAway = true;
    assertEquals(503, admin.call("GET", REVOCATIONS, "", "").status());
    assertEquals(503, admin.call("POST", REVOCATIONS, "operator", BOB).status());
    assertEquals(0, admin.revoked.size());
  }

  @Test
  void tooManyRefusals_ofAnAddress_are429WithOneEvent() {
    for (int i = 0; i < AdminFixture.MOST_FAILURES; i++) {
      assertEquals(401, admin.call("GET", REVOCATIONS, "", "").status());
    }
    Answer refused = admin.call("GET", REVOCATIONS, "", "");
    assertEquals(429, refused.status());
    assertTrue(Integer.parseInt(refused.header("retry-after")) > 0);
    assertEquals(429, admin.call("GET", REVOCATIONS, "", "").status());
    assertEquals(AdminFixture.MOST_FAILURES + 1, admin.events.size());
    assertEquals(200, admin.call("GET", REVOCATIONS, "operator", "").status(), "who may, may");
  }

  @Test
  void revoke_eachKind_isStoredAndRecordedBeforeAndAfter() {
    assertEquals(201, admin.call("POST", REVOCATIONS, "operator", BOB).status());
    assertEquals(
        201,
        admin
            .call(
                "POST",
                REVOCATIONS,
                "operator",
                "{\"session\":\"4c8e\",\"issuer\":\"keycloak\",\"reason\":\"stolen laptop\"}")
            .status());
    assertEquals(
        201,
        admin
            .call(
                "POST",
                REVOCATIONS,
                "operator",
                "{\"tenant\":\"acme\",\"issued_before\":\"2026-01-31T12:00:00+01:00\","
                    + "\"reason\":\"audit\"}")
            .status());
    assertEquals(
        201,
        admin.call("POST", REVOCATIONS, "operator", "{\"all\":true,\"reason\":\"x\"}").status());
    assertEquals(
        List.of("user  bob", "session https://id 4c8e", "tenant  org-1", "all  "),
        admin.revoked.stream().map(r -> r.label() + " " + r.issuer() + " " + r.name()).toList());
    assertEquals("2026-01-31T11:00:00Z", admin.revoked.get(2).before().toString());
    assertEquals(8, admin.events.size());
    AuditEvent before = admin.events.get(0);
    AuditEvent after = admin.events.get(1);
    assertEquals("access.revoked", before.type());
    assertEquals(Outcome.REQUESTED, before.outcome());
    assertEquals(Outcome.SUCCESS, after.outcome());
    assertEquals("oscar", after.actor());
    assertEquals("left", after.details().get("why"));
    assertEquals(AuditEvent.Weight.CRITICAL, after.weight());
  }

  @Test
  void revoke_storeAway_is503AndRecordedAsFailed() {
    admin.storeAway = true;
    Answer answer = admin.call("POST", REVOCATIONS, "operator", BOB);
    assertEquals(503, answer.status());
    assertEquals("2", answer.header("retry-after"));
    assertEquals(Outcome.FAILURE, admin.events.getLast().outcome());
    assertEquals("state-unavailable", admin.events.getLast().reason());
  }

  @Test
  void revoke_badBodies_areRefusedAndChangeNothing() {
    for (String body :
        List.of(
            "",
            "{",
            "[]",
            "{}",
            "{\"reason\":\"x\"}",
            "{\"user\":\"bob\"}",
            "{\"user\":\"bob\",\"issuer\":\"https://di\",\"reason\":\"x\"}",
            "{\"user\":\"\",\"reason\":\"x\"}",
            "{\"user\":7,\"reason\":\"x\"}",
            "{\"user\":\"bob\",\"reason\":\"a\\u0007b\"}",
            "{\"user\":\"bob\",\"user\":\"eve\",\"reason\":\"x\"}",
            "{\"user\":\"bob\",\"session\":\"s\",\"reason\":\"x\"}",
            "{\"user\":\"bob\",\"reason\":\"x\",\"dry_run\":true}",
            "{\"user\":{\"name\":\"bob\"},\"reason\":\"x\"}",
            "{\"all\":false,\"reason\":\"x\"}",
            "{\"all\":\"true\",\"reason\":\"x\"}",
            "{\"session\":\"s\",\"issued_before\":\"2026-01-31T12:00:00Z\",\"reason\":\"x\"}",
            "{\"user\":\"bob\",\"issued_before\":\"yesterday\",\"reason\":\"x\"}",
            "{\"user\":\"bob\",\"issued_before\":\"2999-01-01T00:00:00Z\",\"reason\":\"x\"}",
            "{\"user\":\"bob\",\"issued_before\":\"1969-01-01T00:00:00Z\",\"reason\":\"x\"}",
            "{\"user\":\"bob\",\"reason\":\"" + "x".repeat(201) + "\"}")) {
      Answer answer = admin.call("POST", REVOCATIONS, "operator", body);
      assertEquals(400, answer.status(), body);
      assertEquals("invalid-request", answer.problem(), body);
    }
    assertEquals(
        404,
        admin
            .call("POST", REVOCATIONS, "operator", "{\"tenant\":\"nobody\",\"reason\":\"x\"}")
            .status());
    Answer large = admin.call("POST", REVOCATIONS, "operator", "x".repeat(20_000));
    assertEquals(413, large.status());
    assertEquals("payload-too-large", large.problem());
    Answer form = admin.call("POST", REVOCATIONS, "operator", BOB, "content-type", "text/plain");
    assertEquals(415, form.status());
    assertEquals(0, admin.revoked.size());
  }

  @Test
  void revocations_areListedNewestFirst() {
    admin.call("POST", REVOCATIONS, "operator", BOB);
    admin.call("POST", REVOCATIONS, "operator", "{\"all\":true,\"reason\":\"x\"}");
    JsonObject list = admin.call("GET", REVOCATIONS, "operator", "").json();
    assertEquals(2, list.getInteger("known"));
    JsonObject newest = list.getJsonArray("revocations").getJsonObject(0);
    assertEquals("all", newest.getString("kind"));
    assertFalse(newest.containsKey("name"));
    assertEquals("bob", list.getJsonArray("revocations").getJsonObject(1).getString("name"));
    assertEquals(403, admin.call("GET", REVOCATIONS, "auditor", "").status());
  }

  @Test
  void sessions_areListedAndEnded() {
    Answer list = admin.call("GET", "/admin/v1/sessions?user=bob", "operator", "");
    JsonObject session = list.json().getJsonArray("sessions").getJsonObject(0);
    assertEquals("s-1", session.getString("id"));
    assertEquals(204, admin.call("DELETE", "/admin/v1/sessions/s-1", "operator", "").status());
    assertEquals("session.ended", admin.events.getLast().type());
    assertEquals(Outcome.SUCCESS, admin.events.getLast().outcome());
    assertEquals(404, admin.call("DELETE", "/admin/v1/sessions/s-1", "operator", "").status());
    assertEquals(404, admin.call("DELETE", "/admin/v1/sessions/a%2Fb", "operator", "").status());
    assertEquals(400, admin.call("GET", "/admin/v1/sessions", "operator", "").status());
    assertEquals(403, admin.call("GET", "/admin/v1/sessions?user=bob", "auditor", "").status());
  }

  @Test
  void audit_ofARequest_isForAuditorsToo() {
    for (String role : List.of("operator", "auditor")) {
      Answer answer = admin.call("GET", "/admin/v1/audit?request_id=request-1", role, "");
      assertEquals(200, answer.status());
      JsonObject entry = answer.json().getJsonArray("entries").getJsonObject(0);
      assertEquals("acme000000000", entry.getString("chain"));
      assertEquals("role-missing", entry.getJsonObject("entry").getString("reason"));
    }
    assertEquals(
        404, admin.call("GET", "/admin/v1/audit?request_id=request-2", "auditor", "").status());
    assertEquals(
        400, admin.call("GET", "/admin/v1/audit?request_id=%27OR", "auditor", "").status());
    assertEquals(403, admin.call("GET", "/admin/v1/audit?request_id=a", "user", "").status());
  }

  @Test
  void query_notWellFormedOrRepeated_isTheCallersFault() throws IOException {
    for (String query : List.of("request_id=%zz", "request_id=%", "request_id=a&request_id=b")) {
      try (RawHttp raw = new RawHttp(admin.port())) {
        raw.send(
            "GET /admin/v1/audit?"
                + query
                + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer auditor\r\n\r\n");
        assertEquals(400, raw.read().status(), query);
      }
    }
  }
}
