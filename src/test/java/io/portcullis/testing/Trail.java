package io.portcullis.testing;

import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The audit trail as it stands in PostgreSQL. */
public final class Trail {
  private final Connections connections;

  /** Where a connection comes from. */
  @FunctionalInterface
  public interface Connections {
    /** A new connection that may read the trail. */
    Connection open() throws SQLException;
  }

  /** Reads through the given connections. */
  public Trail(Connections connections) {
    this.connections = connections;
  }

  /** The bodies of all entries that contain a text, in the order of the chain. */
  public List<JsonObject> containing(String text) {
    List<JsonObject> bodies = new ArrayList<>();
    try (Connection connection = connections.open();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT body FROM audit.entry WHERE position(? IN body) > 0 ORDER BY chain, seq")) {
      select.setString(1, text);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          bodies.add(new JsonObject(rows.getString(1)));
        }
      }
      return bodies;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for the entry of a request that fits. */
  public JsonObject await(String requestId, Predicate<JsonObject> fits) {
    List<JsonObject> last = new ArrayList<>();
    Await.until(
        () -> {
          last.clear();
          last.addAll(containing(requestId));
          return last.stream().anyMatch(fits);
        },
        Duration.ofSeconds(20),
        () -> "the trail has of request " + requestId + ": " + last);
    return last.stream().filter(fits).findFirst().orElseThrow();
  }
}
