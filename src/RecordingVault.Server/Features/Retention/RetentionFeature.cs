using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Retention.Due;
using RecordingVault.Server.Features.Retention.Holds;
using RecordingVault.Server.Features.Retention.Schedules;

namespace RecordingVault.Server.Features.Retention;

internal static class RetentionFeature
{
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddScoped<RetentionFactsReading>();
        services.AddScoped<DateReckoning>();
        services.AddScoped<DateFollowing>();
        services.AddScoped<KeepingReading>();
        services.AddScoped<IRecordingKeeping, RecordingKeeping>();
        services.AddSchedules();
        services.AddHolds();
        services.AddDue();
        return services;
    }

    public static IEndpointRouteBuilder MapRetention(this IEndpointRouteBuilder routes) => routes.MapSchedules().MapHolds().MapDue();
}
