// Starts “competency lsp” for the files of a dictionary. Nothing is fetched.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = async () => {
  const settings = vscode.workspace.getConfiguration("competency");
  const server = {
    command: settings.get("command"),
    args: ["lsp", ...settings.get("arguments")],
  };
  client = new LanguageClient("competency", "Competency dictionaries", server, {
    documentSelector: ["turtle", "sparql", "sssom"].map((language) => ({ scheme: "file", language })),
  });
  await client.start();
};

exports.deactivate = () => client?.stop();
