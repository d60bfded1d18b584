namespace RecordingVault.Server.Features.Processing;

internal static class ProcessingFeature
{
    public static IServiceCollection AddProcessing(this IServiceCollection services) => services.AddSingleton<VerificationPace>();
}
