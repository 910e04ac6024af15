package io.pgha.patroni.internal.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgha.model.hba.HbaSecrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a PostgreSQL server says of itself ({@link ServerQuery}). Immutable.
 *
 * @param document the answer
 */
public record ServerReport(JsonNode document) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * How PostgreSQL tells, with no file, line or name, of a parameter that has left the files and keeps its value
     * until a restart.
     */
    private static final Pattern LEFT =
            Pattern.compile("parameter \"(.+)\" cannot be changed without restarting the server");

    /**
     * What runs for a parameter.
     *
     * @param setting the value in the parameter's base unit
     * @param shown the value as {@code SHOW} prints it
     * @param source where PostgreSQL has it from, in its own words
     * @param pending whether another one waits for a restart
     */
    public record Setting(String setting, String shown, String source, boolean pending) {
        /** Whether the server has it, and not only this session, by way of its role or database. */
        public boolean isServers() {
            return List.of("default", "environment variable", "configuration file", "command line", "override")
                    .contains(source);
        }

        /** Whether Patroni gave it to the server at its start, whatever the files say. */
        public boolean isCommandLines() {
            return source.equals("command line");
        }
    }

    /**
     * A line of a configuration file.
     *
     * @param file the file's path; empty where the parameter has left the files
     * @param number the line's number
     * @param name the parameter, lower case; empty where the line cannot be read
     * @param value its value, as it stands there
     * @param error what is wrong with it; empty where nothing is
     */
    public record Line(String file, int number, String name, String value, String error) {
        public String place() {
            return file.substring(file.lastIndexOf('/') + 1) + ", line " + number;
        }
    }

    /** Understands an answer; empty where it is none. */
    public static Optional<ServerReport> parse(String answer) {
        try {
            int begin = answer.indexOf('{');
            JsonNode document = begin < 0 ? JSON.missingNode() : JSON.readTree(answer.substring(begin));
            return document.isObject() ? Optional.of(new ServerReport(document)) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The parameters that wait for a restart. */
    public List<String> pending() {
        return texts(document.path("pending"));
    }

    public Optional<Setting> setting(String name) {
        JsonNode found = document.path("settings").path(name);
        return found.isObject()
                ? Optional.of(new Setting(
                        found.path("setting").asText(),
                        found.path("shown").asText(),
                        found.path("source").asText(),
                        found.path("pending").asBoolean()))
                : Optional.empty();
    }

    /** What runs for a parameter that no library has defined, which PostgreSQL keeps as text. */
    public Optional<String> custom(String name) {
        JsonNode found = document.path("custom").path(name);
        return found.isTextual() ? Optional.of(found.asText()) : Optional.empty();
    }

    /**
     * The lines that PostgreSQL would read at its next reload: those about the parameters in question, and those with
     * errors.
     */
    public List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (JsonNode line : document.path("lines")) {
            String error = line.path("error").asText("");
            Matcher left = LEFT.matcher(error);
            lines.add(new Line(
                    line.path("file").asText(""),
                    line.path("line").asInt(),
                    line.path("name").asText(left.matches() ? left.group(1).toLowerCase(Locale.ROOT) : ""),
                    line.path("value").asText(""),
                    error));
        }
        return lines;
    }

    /** The line that counts for a parameter: the last one. */
    public Optional<Line> effective(String name) {
        return of(name).reduce((first, second) -> second);
    }

    /** The line that Patroni has written for a parameter. */
    public Optional<Line> patronis(String name) {
        return of(name).filter(line -> line.file().equals(document.path("main").asText()))
                .reduce((first, second) -> second);
    }

    private Stream<Line> of(String name) {
        return lines().stream().filter(line -> line.name().equals(name));
    }

    /** Whether a line is what {@code ALTER SYSTEM} has written. */
    public boolean isAlterSystems(Line line) {
        return line.file().equals(document.path("auto").asText());
    }

    /** Whether a file was written after PostgreSQL has last read its configuration. */
    public boolean unread(String file) {
        return texts(document.path("unread")).contains(file);
    }

    public boolean mainUnread() {
        return unread(document.path("main").asText());
    }

    public boolean rulesUnread() {
        return unread(rulesFile());
    }

    /** Whether a file of parameters, Patroni's or that of {@code ALTER SYSTEM}, is yet to be read. */
    public boolean parametersUnread() {
        return mainUnread() || unread(document.path("auto").asText());
    }

    /** The path of {@code pg_hba.conf}. */
    public String rulesFile() {
        return document.path("hba").asText();
    }

    /** The rules that stand in {@code pg_hba.conf}. */
    public List<String> rules() {
        return rules(document.path("rules").asText().lines());
    }

    public static List<String> rules(Stream<String> lines) {
        return lines.map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    /** What is wrong in {@code pg_hba.conf}, with the line. */
    public List<String> ruleErrors() {
        List<String> lines = document.path("rules").asText().lines().toList();
        return StreamSupport.stream(document.path("errors").spliterator(), false)
                .map(error -> "line " + error.path("line").asInt() + ": "
                        + HbaSecrets.coveredError(lines, error.path("error").asText()))
                .toList();
    }

    /** The dynamic configuration that Patroni has acted on. */
    public JsonNode taken() {
        return document.path("taken");
    }

    /** What the dynamic configuration, as Patroni has acted on it, asks for. */
    public Optional<String> takenParameter(String name) {
        return taken().path("postgresql").path("parameters").properties().stream()
                .filter(parameter -> parameter.getKey().toLowerCase(Locale.ROOT).equals(name))
                .filter(parameter -> parameter.getValue().isValueNode()
                        && !parameter.getValue().isNull())
                .map(parameter -> parameter.getValue().asText())
                .findFirst();
    }

    /**
     * The names, lower case, of all parameters that the dynamic configuration, as Patroni has acted on it, asks for.
     */
    public List<String> takenNames() {
        return taken().path("postgresql").path("parameters").properties().stream()
                .map(parameter -> parameter.getKey().toLowerCase(Locale.ROOT))
                .toList();
    }

    public List<String> takenRules() {
        return rules(texts(taken().path("postgresql").path("pg_hba")).stream());
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
