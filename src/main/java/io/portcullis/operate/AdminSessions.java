package io.portcullis.operate;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code /admin/v1/sessions}: who is logged in, and ending one of it. */
final class AdminSessions {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

  private final AdminGate gate;
  private final SessionAdmin sessions;

  AdminSessions(AdminGate gate, SessionAdmin sessions) {
    this.gate = gate;
    this.sessions = sessions;
  }

  Future<AdminAnswer> list(Operation operation) {
    return sessions
        .list(operation.query("user"))
        .map(
            found -> {
              JsonArray all = new JsonArray();
              found.forEach(facts -> all.add(json(facts)));
              return AdminAnswer.ok(new JsonObject().put("sessions", all));
            });
  }

  Future<AdminAnswer> end(Operation operation) {
    String id = operation.pathParameter("id");
    if (!ID.matcher(id).matches()) {
      throw unknown();
    }
    return gate.recorded(
            operation,
            "session.ended",
            Map.of("session", id),
            () ->
                sessions
                    .end(id)
                    .compose(
                        ended ->
                            ended ? Future.succeededFuture(true) : Future.failedFuture(unknown())))
        .map(ended -> AdminAnswer.done());
  }

  private static Rejection unknown() {
    return Rejection.of(Problem.NOT_FOUND, "session-unknown", "There is no such session.");
  }

  private static JsonObject json(SessionAdmin.Facts facts) {
    return new JsonObject()
        .put("id", facts.id())
        .put("issuer", facts.issuer())
        .put("subject", facts.subject())
        .put("username", facts.username())
        .put("tenant", facts.tenant())
        .put("provider_session", facts.providerSession())
        .put("created", facts.created().toString())
        .put("ends", facts.ends().toString());
  }
}
