using Microsoft.Playwright;

namespace RecordingVault.EndToEnd.Tests.SigningIn;

/// <summary>Chromium's own authenticator without a device: a person who shows the finger at once, and takes the first passkey where a field offers some.</summary>
internal sealed class VirtualAuthenticator(ICDPSession devTools, string id)
{
    public static async Task<VirtualAuthenticator> PlugInAsync(IPage page)
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("WebAuthn.enable", new() { ["enableUI"] = false });
        var added = await devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return new VirtualAuthenticator(devTools, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>As a browser that knows passkeys and lists none in fields: Chromium's authenticator would take one there before a button is pressed.</summary>
    public static Task OfferNothingInFieldsAsync(IPage page) => page.AddInitScriptAsync("if ('PublicKeyCredential' in window) PublicKeyCredential.isConditionalMediationAvailable = async () => false");

    /// <summary>Whether the person shows the finger when he is asked from now on. Questions from before stay as they are.</summary>
    public Task ShowFingerAsync(bool shows) =>
        devTools.SendAsync("WebAuthn.setAutomaticPresenceSimulation", new() { ["authenticatorId"] = id, ["enabled"] = shows });
}
