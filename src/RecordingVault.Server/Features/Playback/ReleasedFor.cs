using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Playback;

/// <summary>For what an endpoint lets content leave. Whom the gate refuses that for his role is told so by the gate, because the log keeps that he asked.</summary>
internal sealed record ReleasedFor(ReleasePurpose Purpose);

internal static class ReleasedForExtensions
{
    public static TBuilder Releases<TBuilder>(this TBuilder builder, ReleasePurpose purpose)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ReleasedFor(purpose)).Audited("content.released");
}
