package io.middleware.starter;

import java.lang.reflect.RecordComponent;
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
 * Has the start fail on a setting that does not exist, which else would be ignored in silence. An environment variable
 * is only warned of: others may begin like one, as those do that an orchestrator makes of the names of its services.
 */
public abstract class KnownSettings implements EnvironmentPostProcessor {

    private static final Pattern INDEX = Pattern.compile("\\[.*|_\\d+$");
    private static final Pattern OF_AN_ORCHESTRATOR = Pattern.compile("_(SERVICE_(HOST|PORT)|PORT)(_.*)?$");

    private final String prefix;
    private final Log log;
    /** The names as they are documented, by {@link #uniform}. */
    private final Map<String, String> known = new LinkedHashMap<>();

    /**
     * {@code settings} is what is bound to the names that begin with {@code prefix}, as {@code middleware.instance}.
     */
    protected KnownSettings(String prefix, Class<? extends Record> settings, DeferredLogFactory logs) {
        this.prefix = prefix;
        this.log = logs.getLog(KnownSettings.class);
        addAll(prefix, settings);
    }

    private void addAll(String path, Class<?> settings) {
        for (RecordComponent component : settings.getRecordComponents()) {
            String name = path + "." + DataObjectPropertyName.toDashedForm(component.getName());
            if (component.getType().isRecord()) {
                addAll(name, component.getType());
            } else {
                known.put(uniform(name), name);
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
                || variable && OF_AN_ORCHESTRATOR.matcher(name).find()) {
            return;
        }
        String nearest = known.entrySet().stream()
                .min(Comparator.comparingInt(setting -> distance(setting.getKey(), uniform(name))))
                .orElseThrow()
                .getValue();
        if (variable) {
            log.warn("the environment variable " + name + " is no setting, and is ignored. Nearest to it is "
                    + nearest.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT) + " (" + nearest + ")");
        } else {
            throw new WrongSettingException(
                    "There is no setting " + name + ". Nearest to it is " + nearest + ".",
                    "Correct its name, or remove it. There are: " + String.join(", ", List.copyOf(known.values()))
                            + ".");
        }
    }

    private boolean isKnown(String name) {
        return known.containsKey(uniform(name))
                || known.containsKey(uniform(INDEX.matcher(name).replaceFirst("")));
    }

    /** The same for each way to write a name that Spring Boot takes. */
    private static String uniform(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }

    /** Levenshtein's: how many letters have to be put in, left out or changed. */
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
