package io.pgha.patroni.internal.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads JSON without trusting its types, and writes the small objects that are sent. */
public final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    public static JsonNode object(String body) throws BadAnswerException {
        JsonNode node = parse(body);
        if (!node.isObject()) {
            throw new BadAnswerException("its body is not a JSON object");
        }
        return node;
    }

    public static JsonNode parse(String body) throws BadAnswerException {
        JsonNode node;
        try {
            node = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new BadAnswerException("its body is not complete JSON");
        }
        if (node == null || node.isMissingNode()) {
            throw new BadAnswerException("its body is empty");
        }
        return node;
    }

    public static String write(Map<String, ?> object) {
        try {
            return MAPPER.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts, numbers and flags can always be written", e);
        }
    }

    public static Optional<String> text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isTextual() && !value.textValue().isEmpty() ? Optional.of(value.textValue()) : Optional.empty();
    }

    /** Returns a text whatever scalar it was written as: a system id may come as a number. */
    public static Optional<String> scalar(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isValueNode() && !value.isNull() && !value.asText().isEmpty()
                ? Optional.of(value.asText())
                : Optional.empty();
    }

    public static OptionalInt integer(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isIntegralNumber() && value.canConvertToInt()
                ? OptionalInt.of(value.intValue())
                : OptionalInt.empty();
    }

    public static OptionalLong longInteger(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isIntegralNumber() && value.canConvertToLong()
                ? OptionalLong.of(value.longValue())
                : OptionalLong.empty();
    }

    public static boolean flag(JsonNode object, String field) {
        return object.path(field).isBoolean() && object.path(field).booleanValue();
    }

    /** Returns the members of an object as texts; nested ones as JSON. */
    public static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(entry -> texts.put(
                        entry.getKey(),
                        entry.getValue().isValueNode()
                                ? entry.getValue().asText()
                                : entry.getValue().toString()));
        return texts;
    }

    /** Reads a time as Patroni writes it, with a blank or a T; what is none stays a text. */
    public static Optional<OffsetDateTime> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text.replace(' ', 'T'), DateTimeFormatter.ISO_OFFSET_DATE_TIME));
        } catch (DateTimeParseException e) {
            return Optional.empty(); // the text itself is kept beside it
        }
    }
}
