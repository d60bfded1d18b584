using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Processing;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>Does what two workers do, one job after the other.</summary>
internal static class MakingJobs
{
    public static async Task RunAsync(IServiceProvider services, Guid recordingId, CancellationToken cancellationToken)
    {
        await ActivatorUtilities.CreateInstance<ProcessJob>(services).RunAsync(recordingId, cancellationToken);
        await ActivatorUtilities.CreateInstance<RenditionJob>(services).RunAsync(recordingId, cancellationToken);
    }
}
