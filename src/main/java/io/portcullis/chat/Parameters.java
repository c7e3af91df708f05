package io.portcullis.chat;

import io.portcullis.model.ServiceRequest;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** What a request carries in its path and query. Every method throws the refusal that names it. */
final class Parameters {
  private static final Pattern UUID_SHAPE =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern LIMIT_SHAPE = Pattern.compile("[1-9][0-9]{0,2}");
  private static final Set<String> PAGE = Set.of("limit", "cursor");
  private static final int MAX_LIMIT = 100;
  private static final int DEFAULT_LIMIT = 20;

  private Parameters() {}

  /** Refuses every query parameter. */
  static void none(ServiceRequest request) {
    only(request, Set.of());
  }

  /** Refuses every query parameter but those of a list. */
  static void page(ServiceRequest request) {
    only(request, PAGE);
  }

  /** How many items a page has at most. */
  static int limit(ServiceRequest request) {
    String limit = request.query().get("limit");
    if (limit == null) {
      return DEFAULT_LIMIT;
    }
    if (!LIMIT_SHAPE.matcher(limit).matches() || Integer.parseInt(limit) > MAX_LIMIT) {
      throw Refusals.invalid("limit", "must be a whole number from 1 to " + MAX_LIMIT);
    }
    return Integer.parseInt(limit);
  }

  static Optional<String> cursor(ServiceRequest request) {
    return Optional.ofNullable(request.query().get("cursor"));
  }

  /** The conversation of the path. What is no UUID names no conversation. */
  static UUID conversation(ServiceRequest request) {
    String id = request.path().getOrDefault("id", "");
    if (!UUID_SHAPE.matcher(id).matches()) {
      throw Refusals.noConversation();
    }
    return UUID.fromString(id);
  }

  private static void only(ServiceRequest request, Set<String> known) {
    for (String name : request.query().keySet()) {
      if (!known.contains(name)) {
        throw Refusals.unknown("query parameter", name);
      }
    }
  }
}
