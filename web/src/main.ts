// Starts the client in the page.
import { mount } from "svelte";
import App from "./App.svelte";
import { startServiceWorker } from "./offline/register.ts";
import "./theme/fonts.css";
import "./theme/tokens.css";
import "./theme/base.css";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no element #app");
mount(App, { target });
window.addEventListener("load", () => void startServiceWorker());
