package io.portcullis.config;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the part of YAML 1.2 that a configuration needs: sections, lists, values. Built on the
 * parser's events rather than on its composed nodes, because the composer recurses as deep as the
 * file says and stops at the first duplicate key; here depth and number of nodes are bounded and
 * every duplicate is reported. Anchors, aliases and tags beyond the core ones are refused: they
 * make a file mean something else than it says.
 */
final class YamlReader {
  static final int MAX_BYTES = 256 * 1024;
  static final int MAX_DEPTH = 8;
  static final int MAX_NODES = 10_000;
  private static final Set<String> CORE_TAGS =
      Stream.of("str", "int", "float", "bool", "null", "seq", "map")
          .map(name -> "tag:yaml.org,2002:" + name)
          .collect(Collectors.toUnmodifiableSet());

  private final Iterator<Event> events;
  private final Reading reading;
  private int nodes;

  private YamlReader(Iterator<Event> events, Reading reading) {
    this.events = events;
    this.reading = reading;
  }

  /**
   * The file's top section. Duplicates, anchors and the like go to {@code reading}.
   *
   * @throws ConfigException when it is no YAML at all or beyond the bounds
   */
  static YamlNode.Mapping read(String text, Reading reading) {
    LoadSettings settings =
        LoadSettings.builder().setLabel("configuration").setCodePointLimit(MAX_BYTES).build();
    try {
      var events = new Parse(settings).parseString(text).iterator();
      return new YamlReader(events, reading).file();
    } catch (MarkedYamlEngineException e) {
      // Not its message, which quotes the file and with it perhaps a secret.
      int line = e.getProblemMark().map(YamlReader::line).orElse(1);
      throw reading.fatal(line, "is not valid YAML: " + Quote.plain(e.getProblem()) + started(e));
    } catch (ReaderException e) {
      long line = text.codePoints().limit(e.getPosition()).filter(c -> c == '\n').count() + 1;
      throw reading.fatal((int) line, "is not valid YAML: it has a control character");
    } catch (YamlEngineException e) {
      throw reading.fatal(1, "is not valid YAML (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static String started(MarkedYamlEngineException e) {
    return Optional.ofNullable(e.getContext())
        .flatMap(context -> e.getContextMark().map(mark -> context + " of line " + line(mark)))
        .map(context -> " (" + Quote.plain(context) + ")")
        .orElse("");
  }

  private YamlNode.Mapping file() {
    YamlNode.Mapping top = new YamlNode.Mapping(1, Map.of());
    boolean seen = false;
    while (events.hasNext()) {
      Event event = events.next();
      if (event.getEventId() == Event.ID.DocumentStart) {
        if (seen) {
          throw reading.fatal(line(event), "has a second document; one file is one document");
        }
        seen = true;
        YamlNode node = node(events.next(), "", 1);
        if (node instanceof YamlNode.Mapping mapping) {
          top = mapping;
        } else if (!(node instanceof YamlNode.Scalar scalar && scalar.empty())) {
          throw reading.fatal(node.line(), "is " + node.noun() + "; expected sections");
        }
      }
    }
    return top;
  }

  private YamlNode node(Event event, String path, int depth) {
    int line = line(event);
    if (++nodes > MAX_NODES) {
      throw reading.fatal(line, "has more than " + MAX_NODES + " entries");
    }
    if (depth > MAX_DEPTH) {
      throw reading.fatal(line, "is nested deeper than " + MAX_DEPTH + " levels");
    }
    checkPlain(event, path);
    return switch (event.getEventId()) {
      case Scalar -> scalar((ScalarEvent) event);
      case SequenceStart -> new YamlNode.Sequence(line, items(path, depth));
      case MappingStart -> new YamlNode.Mapping(line, members(path, depth));
      default -> new YamlNode.Scalar(line, "", true);
    };
  }

  private static YamlNode.Scalar scalar(ScalarEvent event) {
    String text = event.getValue();
    boolean empty =
        event.isPlain() && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
    return new YamlNode.Scalar(line(event), text, empty);
  }

  private List<YamlNode> items(String path, int depth) {
    List<YamlNode> items = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      items.add(node(event, path + "[" + items.size() + "]", depth + 1));
    }
    return items;
  }

  private Map<String, YamlNode.Member> members(String path, int depth) {
    Map<String, YamlNode.Member> members = new LinkedHashMap<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      int line = line(event);
      YamlNode keyNode = node(event, path, depth + 1);
      if (!(keyNode instanceof YamlNode.Scalar scalar) || scalar.empty()) {
        throw reading.fatal(line, "has a key that is not a word");
      }
      String key = Quote.plain(scalar.text());
      String full = path.isEmpty() ? key : path + "." + key;
      YamlNode value = atKey(line, node(events.next(), full, depth + 1));
      YamlNode.Member first = members.putIfAbsent(key, new YamlNode.Member(line, value));
      if (first != null) {
        reading.problem(
            reading.inFile(line),
            full,
            "is given twice; it already stands on line " + first.line());
      }
    }
    return members;
  }

  /** A section begins where its key stands. */
  private static YamlNode atKey(int line, YamlNode value) {
    return value instanceof YamlNode.Mapping mapping
        ? new YamlNode.Mapping(line, mapping.members())
        : value;
  }

  private void checkPlain(Event event, String path) {
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      reading.problem(
          reading.inFile(line(event)),
          path,
          "uses an anchor or an alias, which are not taken here; write the value out");
    }
    Optional<String> tag =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag();
          case CollectionStartEvent collection -> collection.getTag();
          default -> Optional.empty();
        };
    if (tag.isPresent() && !CORE_TAGS.contains(tag.get())) {
      reading.problem(
          reading.inFile(line(event)),
          path,
          "has the tag " + Quote.of(tag.get()) + ", which is not taken here; remove it");
    }
  }

  private static int line(Event event) {
    return event.getStartMark().map(YamlReader::line).orElse(1);
  }

  private static int line(Mark mark) {
    return mark.getLine() + 1;
  }
}
