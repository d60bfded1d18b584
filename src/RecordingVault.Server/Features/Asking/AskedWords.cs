namespace RecordingVault.Server.Features.Asking;

/// <summary>Which words a person was shown when he was asked. They stand in the resources; whoever changes one there raises the version, because records name it.</summary>
internal static class AskedWords
{
    public const string BuiltIn = "vault-1";
}
