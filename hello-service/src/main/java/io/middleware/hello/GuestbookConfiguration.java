package io.middleware.hello;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.StringUtils;

/** Keeps the signatures in the database that {@code spring.datasource.url} names; without one, in a file. */
@Configuration(proxyBeanMethods = false)
class GuestbookConfiguration {

    @Bean
    @Conditional(WithoutDatabase.class)
    static Guestbook fileGuestbook(HelloProperties properties) {
        return new FileGuestbook(properties.guestbook());
    }

    /** Connects when it is first used, so that a server starts while its database is away. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(WithDatabase.class)
    @EnableConfigurationProperties(DataSourceProperties.class)
    static class InDatabase {

        @Bean
        @ConfigurationProperties("spring.datasource.hikari")
        static HikariDataSource dataSource(DataSourceProperties properties) {
            return properties
                    .initializeDataSourceBuilder()
                    .type(HikariDataSource.class)
                    .build();
        }

        @Bean
        static DatabaseOutage databaseOutage() {
            return new DatabaseOutage();
        }

        @Bean
        static GuestbookTable guestbookTable(DataSource database, DatabaseOutage outage) {
            return new GuestbookTable(JdbcClient.create(database), outage);
        }

        @Bean
        static Guestbook databaseGuestbook(DataSource database, GuestbookTable table, DatabaseOutage outage) {
            return new JdbcGuestbook(JdbcClient.create(database), table, outage);
        }
    }

    static class WithDatabase implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            // an empty one, as Compose passes it, counts as none
            return StringUtils.hasText(context.getEnvironment().getProperty("spring.datasource.url"));
        }
    }

    static final class WithoutDatabase extends WithDatabase {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !super.matches(context, metadata);
        }
    }
}
