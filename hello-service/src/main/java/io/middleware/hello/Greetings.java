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
 * Which greeting is answered by what. Case, accents and space around a greeting do not matter; an empty one is the
 * first.
 */
final class Greetings {

    private static final SequencedMap<String, String> WORLDS = new LinkedHashMap<>();
    private static final Map<String, String> BY_KEY = new HashMap<>();
    private static final Pattern ACCENTS = Pattern.compile("\\p{M}+");
    /** What is longer is no greeting, and neither worth the normalizing nor the quoting. */
    private static final int LONGEST_GREETING = 40;

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

    /** The answer, or nothing if nobody taught us this greeting. */
    static Optional<String> answer(String greeting) {
        String stripped = greeting.strip();
        if (stripped.length() > LONGEST_GREETING) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                BY_KEY.get(key(stripped.isEmpty() ? WORLDS.firstEntry().getKey() : stripped)));
    }

    /** The world in each language once. */
    static Set<String> worlds() {
        return new LinkedHashSet<>(WORLDS.values());
    }

    /** What to tell a caller whose greeting has no answer. */
    static String unknown(String greeting) {
        String stripped = greeting.strip();
        String quote =
                stripped.length() <= LONGEST_GREETING ? stripped : stripped.substring(0, LONGEST_GREETING) + "...";
        return "unknown greeting '" + quote + "'; known are " + String.join(", ", WORLDS.keySet());
    }

    private static String key(String greeting) {
        return ACCENTS.matcher(Normalizer.normalize(greeting, Normalizer.Form.NFD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
    }
}
