using RecordingVault.Server;

return await VaultProgram.RunAsync(args);
