package io.portcullis.gateway;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochRandomGenerator;
import io.portcullis.config.UpstreamConfig;
import io.portcullis.limit.RateLimitHeaders;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.tls.TlsListener;
import io.portcullis.upstream.UpstreamClient;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A listener: accepts requests, sends each on its {@link RequestPath}, and sees to it that each is
 * answered exactly once, in time, with its id. Event loop, N instances that share the port. The
 * public and the internal one differ by their {@link Door} alone.
 */
public final class GatewayVerticle extends VerticleBase {
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
  private static final CharSequence POLICY = HttpHeaders.createOptimized("ratelimit-policy");
  private static final CharSequence LIMIT = HttpHeaders.createOptimized("ratelimit");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{8,64}");
  private static final long WATCH_MILLIS = 100;
  private static final long EXPIRY_MILLIS = 500;

  /** What metrics count for a caller that left before an answer. */
  private static final int GONE = 499;

  private final GatewayParts parts;
  private final Door door;
  private final Visits visits;
  private final ClientAddress addresses;
  private final InFlight inFlight;
  private final TakenBack takenBack;
  private final EndedSessions ended = new EndedSessions(System::nanoTime);
  private final Connections connections;
  private final OwnHeaders own;
  private final HttpServerOptions options;
  private final StrictHttp strict;
  private final Duration requestTimeout;
  // Ids are unique, not secret: a seeded generator keeps SecureRandom's lock off the hot path.
  private final TimeBasedEpochRandomGenerator ids;
  private @Nullable HttpServer server;
  private @Nullable TlsListener tls;
  private @Nullable RequestPath path;
  private Runnable unsubscribe = () -> {};
  private final Map<String, UpstreamClient> upstreams = new HashMap<>();

  /** One instance of the public listener; {@code parts} is shared with the others. */
  public GatewayVerticle(GatewayParts parts) {
    this(parts, parts.outer());
  }

  private GatewayVerticle(GatewayParts parts, Door door) {
    this.parts = parts;
    this.door = door;
    this.visits =
        new Visits(
            door,
            parts.certificates(),
            parts.peerRefusals(),
            parts.http().maxConnectionAge(),
            parts.clock());
    this.addresses = new ClientAddress(parts.http().trustedProxies());
    this.requestTimeout = parts.http().requestTimeout();
    this.inFlight = new InFlight(parts.http().maxInFlight(), requestTimeout.toNanos());
    this.takenBack =
        new TakenBack(
            inFlight,
            parts.revoked(),
            ended::has,
            this::takenBack,
            turn -> context.runOnContext(later -> turn.run()));
    this.connections = new Connections(parts.http().maxConnections(), parts.http().headerTimeout());
    this.own = new OwnHeaders(parts.http(), parts.cors(door), parts.clock());
    this.options = ListenerOptions.of(parts.http());
    this.strict = new StrictHttp(options, door.metrics()::malformed);
    this.ids = Generators.timeBasedEpochRandomGenerator(new Random());
  }

  /** One instance of the listener for services. */
  public static GatewayVerticle internal(GatewayParts parts) {
    return new GatewayVerticle(parts, parts.inner());
  }

  @Override
  public Future<?> start() {
    for (UpstreamConfig upstream : parts.upstreams()) {
      upstreams.put(
          upstream.name(),
          new UpstreamClient(vertx, upstream, parts.certificates(), parts.clock()));
    }
    path = new RequestPath(parts, door, new Forwarder(upstreams), ended);
    vertx.setPeriodic(WATCH_MILLIS, tick -> watch(System.nanoTime()));
    StreamWatch streams = new StreamWatch(inFlight, parts::recheck, this::takenBack);
    vertx.setPeriodic(
        EXPIRY_MILLIS,
        tick -> {
          Instant now = parts.clock().instant();
          takenBack.expire(now);
          streams.look(now);
        });
    parts.warmUp().run();
    Runnable revocations =
        parts.onRevocation().apply(() -> context.runOnContext(change -> takenBack.look()));
    Runnable sessions = parts.onSessionEnd(id -> context.runOnContext(end -> ended(id)));
    unsubscribe =
        () -> {
          revocations.run();
          sessions.run();
        };
    if (door.mutual()) {
      TlsListener listener =
          new TlsListener(
              parts.certificates(),
              door.host(),
              (address, reason) -> parts.peerRefusals().refused(door.name(), address, reason));
      listener.configure(options);
      tls = listener;
    }
    HttpServer created = vertx.createHttpServer(options);
    server = created;
    return created
        .requestHandler(this::accept)
        .invalidRequestHandler(this::malformed)
        .connectionHandler(this::opened)
        .listen(door.port(), door.host())
        .compose(
            listening ->
                tls == null
                    ? Future.succeededFuture()
                    : tls.listening(listening, parts.certificates()));
  }

  /** Takes no further connection, waits for the requests in flight, then ends. */
  @Override
  public Future<?> stop() {
    parts.certificates().ended(tls);
    unsubscribe.run();
    Future<Void> drained =
        server == null
            ? Future.succeededFuture()
            : server.shutdown(parts.http().drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
    return drained.eventually(
        () -> Future.join(upstreams.values().stream().map(UpstreamClient::close).toList()));
  }

  /** The port that is bound, for a configured port of 0. */
  public int port() {
    return server == null ? 0 : server.actualPort();
  }

  private void opened(HttpConnection connection) {
    strict.install(
        connection,
        begun -> {
          if (begun) {
            connections.owes(connection, System.nanoTime());
          } else {
            connections.spoke(connection);
          }
        });
    long now = System.nanoTime();
    connections.opened(connection, now, () -> visits.closed(connection));
    visits.opened(connection, now);
  }

  private void watch(long nowNanos) {
    inFlight.expire(nowNanos, this::late);
    connections.expire(nowNanos);
    visits.recheck(nowNanos);
    upstreams.values().forEach(UpstreamClient::recheck);
  }

  private void accept(HttpServerRequest request) {
    connections.spoke(request.connection());
    Visits.Visit visit = visits.of(request.connection());
    if (visit == null) {
      request.connection().close();
      return;
    }
    Exchange exchange = exchange(request);
    own.put(exchange);
    visit.peer().ifPresent(exchange::from);
    if (visit.isOld(exchange.startNanos)) {
      exchange.last();
      exchange.response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    if (!inFlight.enter(exchange)) {
      exchange.response.endHandler(end -> discardRest(exchange));
      fail(exchange, Shortages.overloaded());
      door.metrics().record(null, Problem.OVERLOADED.status(), 0);
      return;
    }
    parts.inFlight().incrementAndGet();
    exchange.onStreaming(() -> inFlight.answering(exchange));
    exchange.response.headersEndHandler(head -> limitHeaders(exchange));
    exchange.response.endHandler(
        end -> {
          discardRest(exchange);
          done(exchange);
        });
    exchange.response.closeHandler(close -> gone(exchange));
    exchange.response.exceptionHandler(failure -> broken(exchange, failure));
    if (exchange.hasBody()) {
      request.pause();
    }
    RequestPath way = path;
    if (way != null) {
      way.serve(exchange).onFailure(failure -> fail(exchange, failure));
    }
  }

  private Exchange exchange(HttpServerRequest request) {
    boolean proxied = door.proxied() || (!door.mutual() && addresses.fromTrustedProxy(request));
    String named = proxied ? request.getHeader(REQUEST_ID) : null;
    String id = named != null && ID.matcher(named).matches() ? named : ids.generate().toString();
    return new Exchange(
        request,
        id,
        Trace.from(request.getHeader("traceparent")),
        addresses.of(request, proxied),
        System.nanoTime(),
        parts.clock().instant().plus(requestTimeout));
  }

  private void fail(Exchange exchange, Throwable failure) {
    if (!exchange.claimAnswer()) {
      if (!exchange.response.ended() && !exchange.response.closed()) {
        // It broke between the claim and the end: there is no other way to tell the caller.
        exchange.request.connection().close();
      }
      return;
    }
    Rejection rejection = ErrorResponder.rejection(exchange, failure);
    if (exchange.isUnread() && !UnreadBody.discardable(exchange.request)) {
      exchange.response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    ErrorResponder.answer(exchange, rejection, failure, parts.challenges());
  }

  private void discardRest(Exchange exchange) {
    if (exchange.isLast()) {
      exchange.request.connection().close();
    }
    if (exchange.isUnread()) {
      UnreadBody.discard(exchange, connections);
    }
  }

  /** The deadline has passed and nothing has been answered: whose doing is it? */
  private void late(Exchange exchange) {
    if (exchange.isOver()) {
      return;
    }
    fail(exchange, Shortages.late(exchange));
    // Only now: what is broken off would otherwise be taken for the upstream's failure.
    exchange.abort();
  }

  private void ended(String session) {
    ended.add(session);
    takenBack.look();
  }

  /** Access was taken back: what has no answer gets a refusal, what has begun is cut off. */
  private void takenBack(Exchange exchange) {
    RequestPath way = path;
    if (way != null) {
      way.takenBack(exchange)
          .onFailure(
              refusal -> {
                fail(exchange, refusal);
                exchange.abort();
              });
    }
  }

  private void limitHeaders(Exchange exchange) {
    exchange
        .decision()
        .ifPresent(
            decision -> {
              exchange.response.putHeader(POLICY, parts.limitPolicy());
              exchange.response.putHeader(LIMIT, RateLimitHeaders.limits(decision));
            });
  }

  private void gone(Exchange exchange) {
    if (!exchange.isFinished()) {
      exchange.abort();
      done(exchange);
    }
  }

  /** The connection fails: by a body that is not well-formed, which can still be answered. */
  private void broken(Exchange exchange, Throwable failure) {
    if (failure instanceof Rejection rejection && !exchange.isFinished()) {
      fail(exchange, rejection);
      exchange.abort();
    } else {
      gone(exchange);
    }
  }

  private void done(Exchange exchange) {
    if (exchange.finish()) {
      inFlight.leave(exchange);
      parts.inFlight().decrementAndGet();
      door.metrics()
          .record(
              exchange.matched().orElse(null),
              exchange.response.headWritten() ? exchange.response.getStatusCode() : GONE,
              System.nanoTime() - exchange.startNanos);
    }
  }

  /** What is not a request: see {@link Malformed}. */
  private void malformed(HttpServerRequest request) {
    if (visits.of(request.connection()) == null) {
      request.connection().close();
      return;
    }
    connections.spoke(request.connection());
    Exchange exchange = exchange(request);
    own.put(exchange);
    exchange.response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    Rejection refused = StrictDecoder.rejection(request.decoderResult());
    Rejection rejection = refused == null ? Malformed.DISAGREEMENT : refused;
    fail(exchange, rejection);
    door.metrics().record(null, rejection.problem().status(), 0);
  }
}
