package io.portcullis.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A pipeline of Logstash as its file says it: that part of the language which our files use. What
 * is not understood fails.
 */
record Pipeline(String name, List<Step> input, List<Step> filter, List<Step> output) {
  static final Path FOLDER = Path.of("docker/logstash/pipelines");

  private static final Map<String, Pipeline> READ = new ConcurrentHashMap<>();

  /** A plugin or a choice. */
  sealed interface Step {}

  /**
   * A plugin with its options.
   *
   * @param options text, a list, or a map of text
   */
  record Plugin(String name, Map<String, Object> options) implements Step {
    String text(String option) {
      return options.get(option) instanceof String text ? text : "";
    }

    List<?> list(String option) {
      return options.get(option) instanceof List<?> list ? list : List.of();
    }

    Map<?, ?> map(String option) {
      return options.get(option) instanceof Map<?, ?> map ? map : Map.of();
    }
  }

  /** The first branch whose condition holds. */
  record Choice(List<Branch> branches) implements Step {}

  /** Without a condition: else. */
  record Branch(Optional<Condition> condition, List<Step> steps) {}

  static Pipeline read(String name) {
    return READ.computeIfAbsent(name, Pipeline::readFile);
  }

  private static Pipeline readFile(String name) {
    try {
      return parse(name, new ConfText(Files.readString(FOLDER.resolve(name + ".conf"))));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (AssertionError e) {
      throw new AssertionError(name + ".conf: " + e.getMessage(), e);
    }
  }

  static List<Pipeline> all() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> read(file.getFileName().toString().replace(".conf", "")))
          .sorted(java.util.Comparator.comparing(Pipeline::name))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** All plugins of some steps, whatever the conditions. */
  static List<Plugin> plugins(List<Step> steps) {
    List<Plugin> plugins = new ArrayList<>();
    for (Step step : steps) {
      switch (step) {
        case Plugin plugin -> plugins.add(plugin);
        case Choice choice -> choice.branches.forEach(b -> plugins.addAll(plugins(b.steps)));
      }
    }
    return plugins;
  }

  private static Pipeline parse(String name, ConfText text) {
    Map<String, List<Step>> sections = new LinkedHashMap<>();
    while (!text.atEnd()) {
      sections.put(text.take(), steps(text));
    }
    return new Pipeline(
        name,
        sections.getOrDefault("input", List.of()),
        sections.getOrDefault("filter", List.of()),
        sections.getOrDefault("output", List.of()));
  }

  private static List<Step> steps(ConfText text) {
    List<Step> steps = new ArrayList<>();
    text.take("{");
    while (!text.took("}")) {
      String word = text.take();
      steps.add(word.equals("if") ? choice(text) : new Plugin(word, options(text)));
    }
    return steps;
  }

  private static Choice choice(ConfText text) {
    List<Branch> branches = new ArrayList<>();
    branches.add(new Branch(Optional.of(Condition.read(text)), steps(text)));
    while (text.took("else")) {
      boolean last = !text.took("if");
      Optional<Condition> condition = last ? Optional.empty() : Optional.of(Condition.read(text));
      branches.add(new Branch(condition, steps(text)));
      if (last) {
        break;
      }
    }
    return new Choice(branches);
  }

  private static Map<String, Object> options(ConfText text) {
    Map<String, Object> options = new LinkedHashMap<>();
    text.take("{");
    while (!text.took("}")) {
      String name = text.take();
      text.take("=>");
      options.put(name, value(text));
    }
    return options;
  }

  private static Object value(ConfText text) {
    if (text.took("[")) {
      List<Object> list = new ArrayList<>();
      while (!text.took("]")) {
        list.add(ConfText.plain(text.take()));
        text.took(",");
      }
      return list;
    }
    if (text.took("{")) {
      Map<String, Object> map = new LinkedHashMap<>();
      while (!text.took("}")) {
        String key = ConfText.plain(text.take());
        text.take("=>");
        map.put(key, ConfText.plain(text.take()));
      }
      return map;
    }
    String word = text.take();
    // A codec is a plugin of its own.
    return text.peek().equals("{") ? new Plugin(word, options(text)) : ConfText.plain(word);
  }
}
