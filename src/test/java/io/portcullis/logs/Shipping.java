package io.portcullis.logs;

import io.portcullis.logs.Pipeline.Plugin;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The way of a line from Docker's driver through the pipelines to the log store's door. */
final class Shipping {
  private Shipping() {}

  /**
   * What is sent to the log store.
   *
   * @param index the data stream
   * @param id the document's identity; empty when the store makes one
   */
  record Shipped(String index, String id, JsonObject document) {}

  /** A line that a container of that tag wrote. */
  static Shipped ship(String tag, String container, String line) {
    LogEvent event = LogEvent.ofDocker(tag, container, line);
    String next = "intake";
    for (int hops = 0; hops < 5; hops++) {
      Pipeline pipeline = Pipeline.read(next);
      List<Plugin> outputs = new ArrayList<>();
      Filters.run(pipeline.filter(), event, outputs::add);
      Filters.run(pipeline.output(), event, outputs::add);
      if (outputs.size() != 1) {
        throw new AssertionError(next + " has " + outputs.size() + " outputs for " + line);
      }
      Plugin output = outputs.getFirst();
      if (output.name().equals("elasticsearch")) {
        String index = event.fill(output.text("index"));
        return new Shipped(index, event.fill(output.text("document_id")), event.document());
      }
      next = output.list("send_to").getFirst().toString();
    }
    throw new AssertionError("a line goes round in circles: " + line);
  }
}
