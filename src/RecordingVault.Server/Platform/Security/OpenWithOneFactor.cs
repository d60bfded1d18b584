namespace RecordingVault.Server.Platform.Security;

/// <summary>Marks what a session with one factor may reach in a tenant that asks for two: the way to a second one, to another tenant, and out.</summary>
internal sealed class OpenWithOneFactor;

internal static class OpenWithOneFactorExtensions
{
    public static TBuilder OpensWithOneFactor<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OpenWithOneFactor());
}
