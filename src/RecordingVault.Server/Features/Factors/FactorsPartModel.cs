using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Factors;

/// <summary>What the security page says of authenticator and recovery codes.</summary>
public sealed record FactorsPartModel
{
    public required PageFrame Frame { get; init; }

    public bool HasAuthenticator { get; init; }

    public bool HasPasskey { get; init; }

    public int RecoveryCodesLeft { get; init; }

    /// <summary>An organisation of his asks for two factors, and this is the last second one.</summary>
    public bool MustKeep { get; init; }
}

internal static class FactorsPartReading
{
    public static async Task<FactorsPartModel> PartAsync(this MemberFactors factors, Guid memberId, PageFrame frame, CancellationToken cancellationToken)
    {
        var standing = await factors.ReadAsync(memberId, cancellationToken);
        return new FactorsPartModel
        {
            Frame = frame,
            HasAuthenticator = standing.HasAuthenticator,
            HasPasskey = standing.Passkeys > 0,
            RecoveryCodesLeft = standing.RecoveryCodes,
            MustKeep = standing.HasAuthenticator && !standing.HasSpare && await factors.IsAskedForTwoAsync(memberId, cancellationToken),
        };
    }
}
