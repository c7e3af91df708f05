package io.portcullis.waf;

import io.portcullis.json.JsonLimits;
import io.portcullis.json.JsonText;
import io.portcullis.json.JsonTextException;
import io.portcullis.waf.Transaction.Match;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads one line of ModSecurity's JSON audit log into a masked {@link Transaction}. A line is
 * written by people who attack us, so anything may be in it: what is not understood is empty, never
 * an exception.
 */
final class AuditLine {
  static final int MAX_BYTES = 1 << 20;

  private static final int MAX_MATCHES = 256;
  private static final String START = "{\"transaction\":{";
  private static final JsonLimits LIMITS = new JsonLimits(2 * MAX_BYTES, 16, MAX_BYTES, 100_000);

  private AuditLine() {}

  /**
   * The transaction; empty for garbage. When a writer died in the middle of a line, the next entry
   * stands behind the torn one, and it is that which is read.
   */
  static Optional<Transaction> read(byte[] line) {
    // libmodsecurity writes bytes as they came; what is no UTF-8 becomes a replacement character.
    String text = new String(line, StandardCharsets.UTF_8).strip();
    Optional<Transaction> whole = parse(text);
    int last = text.lastIndexOf(START);
    return whole.isPresent() || last <= 0 ? whole : parse(text.substring(last));
  }

  private static Optional<Transaction> parse(String text) {
    try {
      return Optional.of(transaction(JsonText.parseObject(Buffer.buffer(text), LIMITS)));
    } catch (JsonTextException | ClassCastException | NumberFormatException garbage) {
      return Optional.empty();
    }
  }

  private static Transaction transaction(JsonObject line) {
    JsonObject entry = line.getJsonObject("transaction", new JsonObject());
    JsonObject request = entry.getJsonObject("request", new JsonObject());
    JsonObject response = entry.getJsonObject("response", new JsonObject());
    if (!(entry.getValue("unique_id") instanceof String id) || id.isEmpty()) {
      throw new ClassCastException("an entry without an id");
    }
    return new Transaction(
        Mask.id(id),
        Mask.address(entry.getString("client_ip", "")),
        Mask.method(request.getString("method", "")),
        Mask.path(request.getString("uri", "")),
        response.getInteger("http_code", 0),
        matches(entry.getJsonArray("messages", new JsonArray())));
  }

  private static List<Match> matches(JsonArray messages) {
    List<Match> matches = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      Match match = match(messages.getJsonObject(i));
      // The verdicts come last; they are kept however many came before.
      if (i < MAX_MATCHES || match.verdict()) {
        matches.add(match);
      }
    }
    return matches;
  }

  private static Match match(JsonObject message) {
    JsonObject details = message.getJsonObject("details", new JsonObject());
    int ruleId = Integer.parseInt(details.getString("ruleId", "0"));
    List<String> tags = new ArrayList<>();
    JsonArray given = details.getJsonArray("tags", new JsonArray());
    for (int i = 0; i < given.size(); i++) {
      tags.add(given.getString(i));
    }
    String text = message.getString("message", "");
    return new Match(
        ruleId,
        Mask.message(text),
        Mask.target(details.getString("match", "")),
        Integer.parseInt(details.getString("severity", "0")),
        RuleGroup.of(ruleId, tags),
        Match.isVerdict(ruleId, tags),
        tags.stream().anyMatch(tag -> tag.matches("paranoia-level/[2-4]")),
        Mask.score(text));
  }
}
