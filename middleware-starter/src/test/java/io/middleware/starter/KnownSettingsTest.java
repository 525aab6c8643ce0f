package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@ExtendWith(OutputCaptureExtension.class)
class KnownSettingsTest {

    record Shop(String name, Duration openFor, List<String> goods, Owner owner) {}

    record Owner(String firstName) {}

    static final class KnownShopSettings extends KnownSettings {
        KnownShopSettings(DeferredLogFactory logs) {
            super("middleware.shop", Shop.class, logs);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "middleware.shop.name",
                "middleware.shop.open-for",
                "middleware.shop.openFor",
                "middleware.shop.open_for",
                "middleware.shop.goods",
                "middleware.shop.goods[3]",
                "middleware.shop.owner.first-name",
                "middleware.shopping.cart",
                "middleware.other",
                "shop.nam"
            })
    void settingThatThereIs_orIsOfOthers_isTaken(String name) {
        assertThatCode(() -> check(new MapPropertySource("file", Map.of(name, "x"))))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "middleware.shop.nam, middleware.shop.name",
        "middleware.shop.open-fro, middleware.shop.open-for",
        "middleware.shop.owner.frist-name, middleware.shop.owner.first-name",
        "middleware.shop.good, middleware.shop.goods",
        "middleware.Shop.nmae, middleware.shop.name"
    })
    void misspeltSetting_stopsTheStart_andTheNearestIsNamed(String name, String nearest) {
        assertThatThrownBy(() -> check(new MapPropertySource("file", Map.of(name, "x"))))
                .isInstanceOf(WrongSettingException.class)
                .hasMessage("There is no setting " + name + ". The nearest setting is " + nearest + ".");
    }

    @Test
    void action_namesAllThatThereAre() {
        assertThatThrownBy(() -> check(new MapPropertySource("file", Map.of("middleware.shop.x", "x"))))
                .isInstanceOfSatisfying(
                        WrongSettingException.class,
                        wrong -> assertThat(wrong.action())
                                .contains("middleware.shop.name, middleware.shop.open-for, middleware.shop.goods"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MIDDLEWARE_SHOP_NAME",
                "MIDDLEWARE_SHOP_OPENFOR",
                "MIDDLEWARE_SHOP_OPEN_FOR",
                "MIDDLEWARE_SHOP_GOODS_0",
                "MIDDLEWARE_SHOP_SERVICE_HOST",
                "MIDDLEWARE_SHOP_PORT_8080_TCP_ADDR",
                "MIDDLEWARE_HOME"
            })
    void variableThatThereIs_orIsOfOthers_isTakenInSilence(String name, CapturedOutput log) {
        check(new SystemEnvironmentPropertySource("variables", Map.of(name, "x")));
        assertThat(log.getAll()).doesNotContain("MIDDLEWARE_");
    }

    @Test
    void misspeltVariable_isWarnedOf(CapturedOutput log) {
        check(new SystemEnvironmentPropertySource("variables", Map.of("MIDDLEWARE_SHOP_OPENFRO", "x")));
        assertThat(log.getAll())
                .contains("the environment variable MIDDLEWARE_SHOP_OPENFRO is not a setting, and is ignored."
                        + " The nearest setting is MIDDLEWARE_SHOP_OPEN_FOR (middleware.shop.open-for)");
    }

    private static void check(PropertySource<?> source) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(source);
        new KnownShopSettings(destination -> LogFactory.getLog(KnownSettingsTest.class))
                .postProcessEnvironment(environment, null);
    }
}
