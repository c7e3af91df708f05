package io.portcullis.gateway;

import io.portcullis.model.Caller;
import io.portcullis.model.Decision;
import io.portcullis.session.Session;
import io.portcullis.tls.Peer;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the gateway: what is known of it so far. Confined to the event
 * loop of its connection, so it may be plain and mutable; it never leaves this room.
 */
final class Exchange {
  final HttpServerRequest request;
  final HttpServerResponse response;
  final String id;
  final Trace trace;
  final String clientAddress;
  final long startNanos;
  final Instant deadline;

  /** Its line among the requests in flight, and its neighbours there; see {@link InFlight}. */
  InFlight.@Nullable Line line;

  @Nullable Exchange older;

  @Nullable Exchange newer;

  private RouteTable.@Nullable Match match;
  private @Nullable Caller caller;
  private Evidence evidence = Evidence.ACCESS_TOKEN;
  private @Nullable Decision decision;
  private @Nullable Runnable abort;
  private @Nullable Runnable streaming;
  private boolean answered;
  private boolean finished;
  private boolean readsBody;
  private boolean last;
  private boolean takenBack;
  private @Nullable Peer peer;
  private @Nullable String certificateThumbprint;
  private @Nullable Session session;
  private String cookie = "";
  private Instant recheckFrom = Instant.MIN;

  Exchange(
      HttpServerRequest request,
      String id,
      Trace trace,
      String clientAddress,
      long startNanos,
      Instant deadline) {
    this.request = request;
    this.response = request.response();
    this.id = id;
    this.trace = trace;
    this.clientAddress = clientAddress;
    this.startNanos = startNanos;
    this.deadline = deadline;
  }

  RouteTable.Match match() {
    return known(match, "match");
  }

  Optional<RouteTable.Match> matched() {
    return Optional.ofNullable(match);
  }

  void matched(RouteTable.Match found) {
    match = found;
  }

  /** The caller, once proved. */
  Optional<Caller> caller() {
    return Optional.ofNullable(caller);
  }

  void proved(Caller who) {
    caller = who;
  }

  /** The browser's session, when that is what the caller was proved by. */
  Optional<Session> session() {
    return Optional.ofNullable(session);
  }

  void session(Session found) {
    session = found;
    evidence = Evidence.SESSION;
  }

  /** What the browser has that session by, once this request is answered. */
  String cookie() {
    return cookie;
  }

  void cookie(String value) {
    cookie = value;
  }

  /** Whether its session is to be asked for again; the next time not before the pause is over. */
  boolean recheck(Instant now, Duration pause) {
    Session known = session;
    if (known == null || now.isBefore(known.accessExpires()) || now.isBefore(recheckFrom)) {
      return false;
    }
    recheckFrom = now.plus(pause);
    return true;
  }

  /** What the caller was proved by; unless somebody said otherwise, by what is asked the most. */
  Evidence evidence() {
    return evidence;
  }

  void provedBy(Evidence shown) {
    evidence = shown;
  }

  /** Who is connected, on a listener that asks for certificates. */
  Optional<Peer> peer() {
    return Optional.ofNullable(peer);
  }

  void from(Peer connected) {
    peer = connected;
  }

  /** {@code x5t#S256} of the certificate that the caller itself has proved. */
  Optional<String> certificateThumbprint() {
    return Optional.ofNullable(certificateThumbprint);
  }

  void certificate(String thumbprint) {
    certificateThumbprint = thumbprint;
  }

  /** Its connection is old: it ends with this answer. */
  void last() {
    last = true;
  }

  boolean isLast() {
    return last;
  }

  /** The limiter's decision, once taken. */
  Optional<Decision> decision() {
    return Optional.ofNullable(decision);
  }

  void decided(Decision taken) {
    decision = taken;
  }

  /** What to stop when the caller goes away or the deadline passes. */
  void onAbort(Runnable action) {
    abort = action;
  }

  void abort() {
    Runnable action = abort;
    if (action != null) {
      abort = null;
      action.run();
    }
  }

  /** Claims the right to answer: true exactly once, and never after the connection is gone. */
  boolean claimAnswer() {
    if (answered || response.ended() || response.closed()) {
      return false;
    }
    answered = true;
    return true;
  }

  /** Nobody waits for an answer any more: it is given, or the caller has gone. */
  boolean isOver() {
    return answered || finished;
  }

  /** Its caller's access was taken back: true exactly once. */
  boolean takeBack() {
    boolean first = !takenBack;
    takenBack = true;
    return first;
  }

  /** Its refusal is on the way. */
  boolean isTakenBack() {
    return takenBack;
  }

  /** The body is being read into memory: what is missing is the caller's. */
  void readsBody(boolean reads) {
    readsBody = reads;
  }

  boolean readsBody() {
    return readsBody;
  }

  void onStreaming(Runnable action) {
    streaming = action;
  }

  /** A long answer has begun: from here on it may take its time. */
  void streaming() {
    Runnable action = streaming;
    if (action != null) {
      action.run();
    }
  }

  boolean isFinished() {
    return finished;
  }

  /** True exactly once: the request is over, answered or not. */
  boolean finish() {
    boolean first = !finished;
    finished = true;
    return first;
  }

  /** True when the request announces a body. */
  boolean hasBody() {
    MultiMap headers = request.headers();
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    return length == null ? headers.contains(HttpHeaders.TRANSFER_ENCODING) : !length.equals("0");
  }

  /** True when a part of its body has not been read. */
  boolean isUnread() {
    return hasBody() && !request.isEnded();
  }

  private static <T> T known(@Nullable T value, String what) {
    if (value == null) {
      throw new IllegalStateException(what + " is asked for before it is known");
    }
    return value;
  }
}
