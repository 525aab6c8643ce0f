package io.middleware.starter;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.logging.Log;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Fails the start if a setting does not exist, which would otherwise be ignored silently. An environment variable
 * causes only a warning, because others may begin the same way, such as those that an orchestrator derives from the
 * names of its services.
 */
public abstract class KnownSettings implements EnvironmentPostProcessor {

    private static final Pattern INDEX = Pattern.compile("\\[.*|_\\d+$");
    private static final Pattern ORCHESTRATOR_VARIABLE = Pattern.compile("_(SERVICE_(HOST|PORT)|PORT)(_.*)?$");

    private final String prefix;
    private final Log log;
    /** The documented names, by {@link #uniform}. */
    private final Map<String, String> known = new LinkedHashMap<>();
    /** The beginnings of names that users complete with names of their own. */
    private final List<String> maps = new ArrayList<>();

    /**
     * {@code settings}: the record that is bound to the names that begin with {@code prefix}, such as
     * {@code middleware.instance}; {@code more}: names that are not in it.
     */
    protected KnownSettings(String prefix, Class<? extends Record> settings, DeferredLogFactory logs, String... more) {
        this.prefix = prefix;
        this.log = logs.getLog(KnownSettings.class);
        addAll(prefix, settings);
        for (String name : more) {
            known.put(uniform(name), name);
        }
    }

    private void addAll(String path, Class<?> settings) {
        for (RecordComponent component : settings.getRecordComponents()) {
            String name = path + "." + DataObjectPropertyName.toDashedForm(component.getName());
            if (component.getType().isRecord()) {
                addAll(name, component.getType());
            } else {
                known.put(uniform(name), name);
                if (Map.class.isAssignableFrom(component.getType())) {
                    maps.add(uniform(name));
                }
            }
        }
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> listed) {
                boolean variables = source instanceof SystemEnvironmentPropertySource;
                for (String name : listed.getPropertyNames()) {
                    check(name, variables);
                }
            }
        }
    }

    private void check(String name, boolean variable) {
        String start = variable ? prefix.replace('.', '_') + "_" : prefix + ".";
        boolean ours = name.regionMatches(true, 0, start, 0, start.length());
        if (!ours
                || isKnown(name)
                || variable && ORCHESTRATOR_VARIABLE.matcher(name).find()) {
            return;
        }
        String nearest = known.entrySet().stream()
                .min(Comparator.comparingInt(setting -> distance(setting.getKey(), uniform(name))))
                .orElseThrow()
                .getValue();
        if (variable) {
            log.warn("the environment variable " + name + " is not a setting, and is ignored. The nearest setting is "
                    + nearest.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT) + " (" + nearest + ")");
        } else {
            throw new WrongSettingException(
                    "There is no setting " + name + ". The nearest setting is " + nearest + ".",
                    "Correct the name, or remove the setting. The settings are: "
                            + String.join(", ", List.copyOf(known.values())) + ".");
        }
    }

    private boolean isKnown(String name) {
        return known.containsKey(uniform(name))
                || known.containsKey(uniform(INDEX.matcher(name).replaceFirst("")))
                || maps.stream().anyMatch(uniform(name)::startsWith);
    }

    /** Returns the same text for each way to write a name that Spring Boot accepts. */
    private static String uniform(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }

    /** Returns the Levenshtein distance: how many letters must be inserted, removed or changed. */
    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}
