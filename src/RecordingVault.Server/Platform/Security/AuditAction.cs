namespace RecordingVault.Server.Platform.Security;

/// <summary>The audit event type that an endpoint writes when it did what it is for. Every endpoint that changes something or releases content declares one (P3).</summary>
internal sealed record AuditAction(string Type);

/// <summary>Says aloud that an unsafe endpoint writes no event, and why.</summary>
internal sealed record NotAudited(string Reason);

internal static class AuditActionExtensions
{
    public static TBuilder Audited<TBuilder>(this TBuilder builder, string type)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AuditAction(type));

    public static TBuilder NotAudited<TBuilder>(this TBuilder builder, string reason)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new NotAudited(reason));
}
