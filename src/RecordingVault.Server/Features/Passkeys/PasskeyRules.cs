using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Passkeys;

/// <summary>What the vault asks of authenticators and browsers (security.md 9): its own name, a key that stays in the authenticator, and the person's finger, face or PIN each time.</summary>
internal sealed class PasskeyRules(PublicAddress address) : IConfigureOptions<IdentityPasskeyOptions>
{
    /// <summary>The same for the operator's listener, whose passkeys are bound to the name that it was called by: of all names only its own get as far.</summary>
    public IdentityPasskeyOptions ForOperators()
    {
        var options = new IdentityPasskeyOptions();
        Configure(options);
        options.ServerDomain = null;
        return options;
    }

    public void Configure(IdentityPasskeyOptions options)
    {
        options.ServerDomain = address.PasskeyName;
        options.UserVerificationRequirement = "required";
        options.ResidentKeyRequirement = "required";
        // Which make of authenticator it is tells nothing that we need, and something about its owner.
        options.AttestationConveyancePreference = "none";
        options.AuthenticatorTimeout = PasskeyChallenges.Lifetime;
        options.ValidateOrigin = IsOwnPage;
    }

    /// <summary>The page that asked the authenticator was ours, and stood in no frame of another site.</summary>
    private ValueTask<bool> IsOwnPage(PasskeyOriginValidationContext asked) =>
        ValueTask.FromResult(!asked.CrossOrigin && string.IsNullOrEmpty(asked.TopOrigin) && address.TakesPasskeys(asked.HttpContext.Request) && address.IsOwnOrigin(asked.Origin, asked.HttpContext.Request));
}
