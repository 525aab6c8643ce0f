package io.middleware.starter;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Rejects durations without a unit in settings below one prefix. Boot reads a bare number as milliseconds, but
 * {@code 2} usually means seconds.
 */
public final class UnitsRequired implements ConfigurationPropertiesBindHandlerAdvisor {

    private static final Pattern BARE = Pattern.compile("\\s*[+-]?0*[1-9]\\d*\\s*");

    private final ConfigurationPropertyName prefix;

    /** {@code prefix}: of the settings, such as {@code middleware}. */
    public UnitsRequired(String prefix) {
        this.prefix = ConfigurationPropertyName.of(prefix);
    }

    /** Whether this is a number other than 0 without a unit. */
    public static boolean isBare(String time) {
        return BARE.matcher(time).matches();
    }

    @Override
    public BindHandler apply(BindHandler parent) {
        return new AbstractBindHandler(parent) {
            @Override
            public @Nullable Object onSuccess(
                    ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
                ConfigurationProperty set = context.getConfigurationProperty();
                if (result instanceof Duration
                        && set != null
                        && prefix.isAncestorOf(name)
                        && isBare(String.valueOf(set.getValue()))) {
                    throw new IllegalArgumentException(name
                            + ": expected a time with its unit, such as 500ms or 2s, was '" + set.getValue() + "'");
                }
                return super.onSuccess(name, target, context, result);
            }
        };
    }
}
