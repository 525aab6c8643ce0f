package io.middleware.hello;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The greetings and their worlds. Case, accents and space around a greeting do not matter; an empty one counts as the
 * first.
 */
final class Greetings {

    private static final SequencedMap<String, String> WORLDS = new LinkedHashMap<>();
    private static final Map<String, String> BY_KEY = new HashMap<>();
    private static final Pattern ACCENTS = Pattern.compile("\\p{M}+");
    /** A longer text is not a greeting, and not worth normalizing or quoting. */
    private static final int MAX_GREETING_LENGTH = 40;

    static {
        WORLDS.put("Hello", "World");
        WORLDS.put("Olá", "Mundo");
        WORLDS.put("Hola", "Mundo");
        WORLDS.put("Bonjour", "Monde");
        WORLDS.put("Hallo", "Welt");
        WORLDS.put("Ciao", "Mondo");
        WORLDS.put("Hej", "Världen");
        WORLDS.put("Cześć", "Świecie");
        WORLDS.forEach((greeting, world) -> BY_KEY.put(key(greeting), world));
    }

    private Greetings() {}

    /** Returns the world of a greeting; empty if the greeting is unknown. */
    static Optional<String> world(String greeting) {
        String stripped = greeting.strip();
        if (stripped.length() > MAX_GREETING_LENGTH) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                BY_KEY.get(key(stripped.isEmpty() ? WORLDS.firstEntry().getKey() : stripped)));
    }

    /** Returns the world in each language, once. */
    static Set<String> worlds() {
        return new LinkedHashSet<>(WORLDS.values());
    }

    /** Returns the message for a caller with an unknown greeting. */
    static String unknown(String greeting) {
        String stripped = greeting.strip();
        String quote = stripped.length() <= MAX_GREETING_LENGTH
                ? stripped
                : stripped.substring(0, MAX_GREETING_LENGTH) + "...";
        return "unknown greeting '" + quote + "'; known are " + String.join(", ", WORLDS.keySet());
    }

    private static String key(String greeting) {
        return ACCENTS.matcher(Normalizer.normalize(greeting, Normalizer.Form.NFD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
    }
}
