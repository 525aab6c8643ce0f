package io.middleware.starter.idempotency.jdbc;

import io.middleware.starter.idempotency.EffectLedger;
import io.middleware.starter.idempotency.IdempotencyMeters;
import io.middleware.starter.idempotency.IdempotencyProperties;
import io.middleware.starter.idempotency.KeyedMethods;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.jdbc.metadata.CompositeDataSourcePoolMetadataProvider;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Keeps idempotency keys in the application's database, if it has one, and transactions. */
@AutoConfiguration(
        afterName = {
            "io.middleware.starter.idempotency.IdempotencyAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
            "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
            "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration"
        })
@ConditionalOnClass({JdbcTemplate.class, PlatformTransactionManager.class})
@ConditionalOnSingleCandidate(DataSource.class)
@ConditionalOnBean({KeyedMethods.class, PlatformTransactionManager.class})
@ConditionalOnMissingBean(EffectLedger.class)
final class JdbcIdempotencyAutoConfiguration {
    private static final int USUAL_CONNECTIONS = 10;

    @Bean
    TableSetup idempotencyTableSetup(DataSource database, IdempotencyProperties settings, Environment environment) {
        return new TableSetup(
                new JdbcTemplate(database), settings, environment.getProperty("spring.datasource.url", ""));
    }

    @Bean
    KeyTable idempotencyKeyTable(DataSource database, IdempotencyProperties settings, TableSetup setup) {
        return new KeyTable(new JdbcTemplate(database), settings.table(), setup::dialect);
    }

    @Bean
    EffectLedger jdbcLedger(
            PlatformTransactionManager manager,
            TableSetup setup,
            KeyTable table,
            IdempotencyProperties settings,
            DataSource database,
            ObjectProvider<DataSourcePoolMetadataProvider> pools) {
        return new JdbcLedger(manager, setup, table, settings.keep(), connections(database, pools));
    }

    /** Returns the size of the pool; Hikari's own default where none is told, as Hikari does before it starts. */
    private static int connections(DataSource database, ObjectProvider<DataSourcePoolMetadataProvider> pools) {
        DataSourcePoolMetadata pool = new CompositeDataSourcePoolMetadataProvider(
                        pools.orderedStream().toList())
                .getDataSourcePoolMetadata(database);
        Integer most = pool == null ? null : pool.getMax();
        return most == null || most < 1 ? USUAL_CONNECTIONS : most;
    }

    @Bean
    Sweeper idempotencySweeper(
            PlatformTransactionManager manager,
            TableSetup setup,
            KeyTable table,
            IdempotencyProperties settings,
            IdempotencyMeters meters) {
        TransactionTemplate own = new TransactionTemplate(
                manager, new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
        return new Sweeper(table, setup, own, settings.keep(), meters);
    }

    /** Runs when all beans are there, and with them the tables that Flyway creates. */
    @Bean
    SmartInitializingSingleton idempotencyTableCheck(
            KeyedMethods methods, TableSetup setup, Sweeper sweeper, IdempotencyProperties settings) {
        return () -> {
            if (!methods.names().isEmpty()) {
                setup.check();
                sweeper.start(settings.sweepEvery());
            }
        };
    }
}
