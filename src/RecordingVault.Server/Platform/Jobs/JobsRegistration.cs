using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Platform.Jobs;

internal static class JobsRegistration
{
    public static IServiceCollection AddJobs(this IServiceCollection services, VaultOptions vault)
    {
        // Hangfire's own registration gives whatever storage was set up last in this process: that may be another host's.
        JobStorage? storage = null;
        services.AddSingleton(provider =>
        {
            provider.GetRequiredService<IGlobalConfiguration>();
            return storage!;
        });
        // And jobs would be made by whatever host that was: in its scopes, with its rows, or not at all once it has ended.
        services.AddSingleton<JobActivator>(provider => new AspNetCoreJobActivator(provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddHangfire((provider, hangfire) =>
        {
            hangfire.UseLogProvider(new JobLog(provider.GetRequiredService<ILoggerFactory>()));
            hangfire.UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings();
            // What failed is tried again by the sweep, from the row; Hangfire's own retries would keep an exception's text.
            hangfire.UseFilter(new AutomaticRetryAttribute { Attempts = 0 });
            if (vault.Database.Provider == DatabaseProvider.PostgreSql)
                storage = hangfire.UsePostgreSqlStorage(connection => connection.UseNpgsqlConnection(vault.Database.ConnectionString), PostgreSqlStorage(prepareSchema: false)).Entry;
            else
                storage = hangfire.UseInMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = TimeSpan.FromHours(6) }).Entry;
        });
        services.AddSingleton<JobQueue>();
        services.AddSingleton<JobEdge>();
        services.AddScoped(typeof(TenantJobRunner<>));
        services.AddScoped(typeof(SystemJobRunner<>));
        if (vault.IsWorker)
        {
            services.AddWorkers(JobQueue.First, count: 2);
            services.AddWorkers(JobQueue.Quick, count: 2);
            services.AddWorkers(JobQueue.Whole, count: 1);
            services.AddWorkers(JobQueue.Digest, count: 1);
            services.AddWorkers(JobQueue.Export, count: 1);
            services.AddWorkers(JobQueue.Verify, count: 1);
            services.AddWorkers(JobQueue.Media, count: 1);
            services.AddWorkers(JobQueue.Renditions, vault.Processing.Jobs);
        }

        return services;
    }

    private static void AddWorkers(this IServiceCollection services, string queue, int count) => services.AddHangfireServer(server =>
    {
        server.WorkerCount = count;
        server.Queues = [queue];
        server.StopTimeout = TimeSpan.FromSeconds(2);
        server.SchedulePollingInterval = TimeSpan.FromSeconds(5);
    });

    /// <summary>Hangfire's tables are made by `migrate`, whose database role may create tables; the server's need not (security.md 5).</summary>
    public static PostgreSqlStorageOptions PostgreSqlStorage(bool prepareSchema) => new()
    {
        SchemaName = "hangfire",
        PrepareSchemaIfNecessary = prepareSchema,
        // Each worker looks once a second. Being told at once would hold a connection for every one of them, which the requests need more.
        QueuePollInterval = TimeSpan.FromSeconds(1),
        EnableLongPolling = false,
    };
}
