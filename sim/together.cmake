# Which files of the simulator are compiled together: cmake/short_build.cmake. A file that is in no group is compiled
# by itself.

ringproof_compile_together(rp_sim_seldom json1 explore/contained_run.cc explore/outcome_json.cc
  replay/json_reader.cc replay/nic_file.cc testbench/explore.cc testbench/testbench_impl.cc)
ringproof_compile_together(rp_sim_seldom json2 explore/campaign.cc explore/explore_files.cc
  explore/findings_board.cc scenario/scenario_file.cc)
ringproof_compile_together(rp_sim_seldom json3 explore/failure_file.cc explore/trials.cc fault/plan_json.cc
  replay/report.cc run/timeline.cc)
ringproof_compile_together(rp_sim_seldom cli cli/command_line.cc cli/command_parser.cc cli/conform_words.cc
  cli/explore_words.cc cli/replay_words.cc cli/run_words.cc cli/scenario_words.cc cli/supervisor.cc
  cli/values.cc)

ringproof_compile_together(rp_sim app1 app/application.cc app/async_requests.cc app/locked_memory.cc
  app/posix_calls.cc app/ring_hooks.cc app/waits.cc app/xsk_calls.cc)
ringproof_compile_together(rp_sim app2 app/applications.cc app/async_calls.cc app/handle_owners.cc
  app/loaded_program.cc app/os_calls.cc app/program_spec.cc app/std_calls.cc app/thread_locals.cc
  app/world.cc app/xdp_calls.cc)
ringproof_compile_together(rp_sim win32_1 win32/crt_process.cc win32/crt_scan.cc win32/crt_state.cc
  win32/crt_wide.cc win32/handle_calls.cc win32/library_calls.cc win32/memory_calls.cc
  win32/net_interfaces.cc win32/thread_calls.cc win32/thread_pool.cc)
ringproof_compile_together(rp_sim win32_2 win32/atomics.cc win32/clock_calls.cc win32/crt_format.cc
  win32/crt_print.cc win32/crt_read.cc win32/file_calls.cc win32/net_strings.cc win32/pool_calls.cc
  win32/thread_object.cc)
ringproof_compile_together(rp_sim win32_3 win32/console_calls.cc win32/crt_numbers.cc win32/crt_string.cc
  win32/crt_text.cc win32/crt_threads.cc win32/crt_time.cc win32/lock_calls.cc win32/net_sockets.cc
  win32/net_text.cc win32/state.cc)
ringproof_compile_together(rp_sim win32_4 win32/create_process.cc win32/crt_paths.cc win32/environment.cc
  win32/pipe.cc win32/rights_calls.cc)
ringproof_compile_together(rp_sim monitor1 monitor/counter_monitor.cc monitor/fairness_monitor.cc
  monitor/lent_transmit_monitor.cc monitor/order_monitor.cc monitor/program_monitor.cc monitor/progress_monitor.cc monitor/sent_time_monitor.cc
  monitor/publication_monitor.cc monitor/quiet_monitor.cc monitor/reference_rules.cc
  monitor/reference_steering.cc monitor/teardown_monitor.cc monitor/time_monitor.cc)
ringproof_compile_together(rp_sim monitor2 monitor/accounts.cc monitor/completion_monitor.cc
  monitor/containment_monitor.cc monitor/fetch_monitor.cc monitor/frame_order_monitor.cc
  monitor/handshake_monitor.cc monitor/ownership_access.cc monitor/ring_monitor.cc monitor/state_monitor.cc
  monitor/steering_monitor.cc monitor/window_monitor.cc)
ringproof_compile_together(rp_sim monitor3 monitor/frame_monitor.cc monitor/invariant_log.cc
  monitor/metadata_monitor.cc monitor/patience.cc monitor/poke_monitor.cc monitor/reference_metadata.cc
  monitor/socket_trace.cc monitor/tag_monitor.cc monitor/transaction_recorder.cc)
ringproof_compile_together(rp_sim monitor4 monitor/assertion_monitor.cc monitor/balance_monitor.cc
  monitor/blocking_monitor.cc monitor/descriptor_monitor.cc monitor/device_monitors.cc
  monitor/fault_excuses.cc monitor/interrupt_monitor.cc monitor/mapping_monitor.cc
  monitor/ownership_monitor.cc
  monitor/replay_monitor.cc monitor/result_hash.cc monitor/wait_monitor.cc)
ringproof_compile_together(rp_sim explore1 explore/campaign_board.cc explore/compared_run.cc
  explore/reducer.cc explore/run_command.cc explore/scenario.cc explore/schedule_run.cc
  explore/shrink.cc explore/shrink_command.cc explore/shrink_display.cc explore/smaller_logs.cc)
ringproof_compile_together(rp_sim explore2 explore/coverage.cc explore/driven_schedule.cc explore/end_signals.cc
  explore/explore_command.cc explore/explore_display.cc explore/explore_options.cc explore/explore_report.cc
  explore/failure_replay.cc explore/replay_failure_command.cc explore/run_numbers.cc explore/served_runs.cc
  explore/simpler_start.cc explore/smallest_failure.cc explore/worker_pool.cc
  explore/free_run.cc explore/linked_program.cc explore/scenario_traffic.cc)
ringproof_compile_together(rp_sim run1 replay/capture.cc replay/input_error.cc replay/traffic.cc
  replay/whole_file.cc run/joined_hardware.cc run/port_maker.cc run/recording.cc run/result_folder.cc
  run/switchboard.cc scenario/expectations.cc scenario/operations.cc)
ringproof_compile_together(rp_sim run2 replay/host_module.cc replay/pcapng_writer.cc replay/replay.cc
  run/end_in_words.cc run/machine.cc run/port_recording.cc run/run.cc run/stack_frames.cc
  run/result_files.cc run/run_faults.cc run/step_limits.cc run/wire_feed.cc run/wires.cc)
ringproof_compile_together(rp_sim fault fault/catalogue.cc fault/device_faults.cc fault/fault_plan.cc
  fault/injector.cc)
ringproof_compile_together(rp_sim kernel host/event_queue.cc host/free_running.cc host/host_kernel.cc host/schedule_options.cc
  host/shared_memory.cc instrument/access.cc instrument/shared_ranges.cc memory/memory_model.cc memory/release_acquire.cc
  memory/stale_loads.cc memory/tso.cc schedule/bounded_search.cc schedule/decision_log.cc
  schedule/decision_recorder.cc schedule/decision_tape.cc schedule/fair_chooser.cc schedule/few_delays.cc
  schedule/log_replay.cc schedule/strategies.cc schedule/trace_recorder.cc)
ringproof_compile_together(rp_sim testbench testbench/bench.cc testbench/control_side.cc testbench/event_log.cc
  testbench/explored_run.cc testbench/frames.cc testbench/handle.cc testbench/interface_side.cc
  testbench/receive_side.cc testbench/snapshot.cc testbench/testbench.cc testbench/transmit_side.cc)

ringproof_compile_together(rp_conform conform1 conform/bench_rules.cc conform/conform.cc
  conform/feature_requirements.cc conform/interrupt_requirements.cc conform/rate_requirements.cc
  conform/receive_requirements.cc conform/refusal_requirements.cc conform/ring_requirements.cc)
ringproof_compile_together(rp_conform conform2 conform/bench.cc conform/bus_requirements.cc
  conform/life_requirements.cc conform/line_rate.cc conform/register_requirements.cc
  conform/transmit_requirements.cc conform/trial.cc engine/engine_choice.cc)
