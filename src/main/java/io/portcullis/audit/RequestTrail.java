package io.portcullis.audit;

import io.portcullis.audit.AuditTail.Line;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the trail knows of one request, over all chains. Any thread. */
public final class RequestTrail {
  private static final int MOST = 100;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{8,64}");

  /** The expression is that of the index {@code entry_request}. */
  static final String OF_REQUEST =
      """
      SELECT chain, seq, body, encode(hash, 'hex') FROM audit.entry
      WHERE substring(body FROM '"request_id":"([^"\\\\]*)"') = $1
      ORDER BY at, chain, seq LIMIT $2""";

  private final ChainDatabase database;

  /** Reads through this door. */
  public RequestTrail(ChainDatabase database) {
    this.database = database;
  }

  /** Whether a text can be the id of a request. */
  public static boolean isRequestId(String text) {
    return ID.matcher(text).matches();
  }

  /** Its entries in the order of their times, at most a hundred; none when nothing is known. */
  public Future<List<Line>> of(String requestId) {
    return database
        .transaction(transaction -> transaction.query(OF_REQUEST, requestId, (long) MOST))
        .map(rows -> rows.stream().map(Line::of).toList());
  }

  /** The same, of one chain or of all; blocks the calling thread. */
  public List<Line> linesOf(String requestId, Optional<String> chain) {
    return ChainVerifier.ask(of(requestId)).stream()
        .filter(line -> chain.isEmpty() || chain.get().equals(line.chain()))
        .toList();
  }
}
